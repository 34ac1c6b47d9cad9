import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { openStandardStream } from '../audit/index.ts';
import { compareWithLock, formatLock, isSame, readLockable } from '../audit/baselines.ts';
import type { Comparison } from '../model/difference.ts';
import { refuseForeignLock, refuseToOverwrite } from '../audit/file-kind.ts';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import { formatQuantity } from '../support/quantities.ts';
import { renderDiffText } from '../../reports/diff/text.ts';
import { FOUND } from './fail-on.ts';
import { parseFile } from './option-values.ts';
import { parseOptions } from './parse-options.ts';
import { replaceFile } from './replace-file.ts';
import { print, printNote, STDOUT, wantsColour } from './terminal.ts';

interface LockOptions {
  readonly output: string;
  readonly check?: boolean;
}

/** `proxaudit lock`. */
export async function lockCommand(args: readonly string[]): Promise<number> {
  const command = new Command('proxaudit lock')
    .usage('[options] [JOURNAL…]')
    .description(
      'Writes the hosts and artifacts of a run, to be reviewed and kept: of the last run, or of the named journals or run ids.\n' +
        'With --check compares with what was written: 0 when the run has nothing else, 120 when it has.',
    )
    .argument('[journals...]')
    .option('-o, --output <file>', 'the file; - is stdout', parseFile, 'proxaudit.lock')
    .option('--check', 'tell what the run has that is not in the file, and change nothing');
  parseOptions(command, args);
  const { output, check = false } = command.opts<LockOptions>();
  const { run, baseline, gaps } = await readLockable(command.args, {
    env: process.env,
    stdin: openStandardStream('stdin'),
  });
  gaps.forEach(printNote);
  if (check) return tellNew(compareWithLock(run, output));
  const text = formatLock(baseline);
  if (output === '-') print(STDOUT, text);
  else {
    await write(output, text, command.getOptionValueSource('output') === 'default');
    const { hosts, artifacts } = baseline;
    const counts = `${formatQuantity(hosts.length, 'host')}, ${formatQuantity(artifacts.length, 'artifact')}`;
    print(STDOUT, `wrote ${output}: ${counts}\n`);
  }
  return 0;
}

/** What is only gone is no reason to fail: a cache may have had it this time. */
function tellNew(comparison: Comparison): number {
  const { difference } = comparison;
  const { removedHosts, removedArtifacts } = difference;
  const fresh = { ...difference, removedHosts: [], removedArtifacts: [] };
  const isKnown = isSame(fresh);
  if (!isKnown) print(STDOUT, renderDiffText({ ...comparison, difference: fresh }, wantsColour(STDOUT)));
  else print(STDOUT, `${comparison.base} names all of it\n`);
  if (removedHosts.length + removedArtifacts.length > 0) {
    const counts = [
      ...(removedHosts.length > 0 ? [formatQuantity(removedHosts.length, 'host')] : []),
      ...(removedArtifacts.length > 0 ? [formatQuantity(removedArtifacts.length, 'artifact')] : []),
    ];
    print(STDOUT, `not in this run: ${counts.join(' and ')} of the file\n`);
  }
  return isKnown ? 0 : FOUND;
}

/** A file that was named is written whatever it is, other than a journal: it may be a pipe or a link. */
async function write(file: string, text: string, isDefault: boolean): Promise<void> {
  if (!isDefault) refuseToOverwrite(file);
  try {
    if (isDefault)
      await replaceFile(file, [text], () => {
        refuseForeignLock(file);
      });
    else writeFileSync(file, text);
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    const reason = reasonOf(cause);
    throw new AuditError('bad-input', `${file} cannot be written: ${reason}`, { cause });
  }
}
