import type { Run, RunHeader } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { describeCommand, describeDuration, describeExit } from '../text/describe-run.ts';
import { fitEnd, widthOf } from '../text/fit.ts';
import { formatQuantity } from '../../src/support/quantities.ts';
import { withoutColour } from '../text/style.ts';
import { INDENT, type Page } from './page.ts';

const MAX_RUNS = 5;
const MAX_EXIT = 20;
const MIN_COMMAND = 8;

/** A rule that sets the summary apart from the command's own output, with the command and how it ended. */
export function renderHeading({ runs }: Run, page: Page): string[] {
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return [titleOf(only, page)];
  const shown = page.verbose ? runs : runs.slice(0, MAX_RUNS);
  const more = runs.length - shown.length;
  return [
    ruled(['proxaudit', formatQuantity(runs.length, 'run')], page),
    ...shown.map((run) => INDENT + describe(run, page.width - 2).join(' · ')),
    ...(more > 0 ? [page.style.dim(`${INDENT}… and ${more} more`)] : []),
  ];
}

function titleOf(run: RunHeader, page: Page): string {
  const [command = '', exit = '', ...rest] = describe(run, page.width - 19);
  const isGood = run.exit?.kind === 'code' && run.exit.code === 0;
  return ruled(
    ['proxaudit', page.style.bold(command), (isGood ? page.style.good : page.style.bad)(exit), ...rest],
    page,
  );
}

/** The command, cut to leave room for its end; where there is none for the duration, that goes. */
function describe(run: RunHeader, width: number): string[] {
  const exit = fitEnd(escapeTerminal(describeExit(run.exit)), MAX_EXIT);
  const duration = describeDuration(run);
  const left = width - widthOf(exit) - 3;
  const leftBesideDuration = left - widthOf(duration) - 3;
  const isLong = duration !== '' && leftBesideDuration >= MIN_COMMAND;
  const command = fitEnd(
    escapeTerminal(describeCommand(run.command)),
    Math.max(1, isLong ? leftBesideDuration : left),
  );
  return isLong ? [command, exit, duration] : [command, exit];
}

function ruled(parts: readonly string[], { width, style }: Page): string {
  const text = parts.join(style.dim(' · '));
  const taken = widthOf(withoutColour(text)) + 5;
  return `${style.dim('───')} ${text} ${style.dim('─'.repeat(Math.max(0, width - taken)))}`.trimEnd();
}
