import { Command, Option } from 'commander';
import { openStandardStream } from '../audit/index.ts';
import { compare, isSame } from '../audit/baselines.ts';
import type { Comparison } from '../model/difference.ts';
import { AuditError } from '../support/errors.ts';
import { renderDiffJson } from '../../reports/diff/json.ts';
import { renderDiffMarkdown } from '../../reports/diff/markdown.ts';
import { renderDiffText } from '../../reports/diff/text.ts';
import { FOUND } from './fail-on.ts';
import { parseOptions } from './parse-options.ts';
import { print, printNote, STDOUT, wantsColour } from './terminal.ts';

const renderers: Readonly<Record<string, (comparison: Comparison) => string>> = {
  text: (comparison) => renderDiffText(comparison, wantsColour(STDOUT)),
  markdown: renderDiffMarkdown,
  json: renderDiffJson,
};

/** `proxaudit diff`. */
export async function diffCommand(args: readonly string[]): Promise<number> {
  const command = new Command('proxaudit diff')
    .usage('[options] BASE HEAD')
    .description(
      'Tells which hosts and artifacts HEAD has other than BASE, and who asked. Each is a journal (- is stdin), a ' +
        'proxaudit.lock or the beginning of a run’s id. 0 without differences, 120 with.',
    )
    .argument('[sources...]')
    .addOption(
      new Option('--format <format>', 'of the output').choices(Object.keys(renderers)).default('text'),
    );
  parseOptions(command, args);
  const [base, head, ...others] = command.args;
  if (base === undefined || head === undefined || others.length > 0) {
    throw new AuditError('bad-usage', 'expected two things to compare: BASE and HEAD', {
      hint: 'See proxaudit diff --help.',
    });
  }
  if (base === '-' && head === '-') throw new AuditError('bad-usage', 'stdin can be only one of the two');
  const comparison = await compare(base, head, {
    env: process.env,
    stdin: openStandardStream('stdin'),
  });
  comparison.gaps.forEach(printNote);
  const { format } = command.opts<{ format: string }>();
  print(STDOUT, (renderers[format] ?? renderDiffText)(comparison));
  return isSame(comparison.difference) ? 0 : FOUND;
}
