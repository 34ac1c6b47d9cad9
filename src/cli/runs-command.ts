import { Command } from 'commander';
import { findRun, listRuns, pruneRuns } from '../audit/runs.ts';
import { replay } from '../audit/replay.ts';
import { AuditError } from '../support/errors.ts';
import { renderPruned, renderRunList } from '../../reports/summary/run-list.ts';
import { parseDuration, parseCount } from './option-values.ts';
import { parseOptions } from './parse-options.ts';
import { columnsOf, print, printNote, printSummary, STDOUT, wantsColour } from './terminal.ts';
import { writeReports } from './write-reports.ts';
import { dispatchVerb, type VerbGroup } from './verbs.ts';

const group: VerbGroup = {
  name: 'runs',
  fallback: 'list',
  verbs: {
    list: {
      usage: 'runs list [--json]',
      description: 'the recorded runs, newest first',
      run: list,
    },
    show: {
      usage: 'runs show [ID] [--json] [--verbose]',
      description: 'the summary of one; the beginning of its ID is enough; default the last one',
      run: show,
    },
    prune: {
      usage: 'runs prune [options]',
      description: 'remove old finished runs; each new run leaves the newest 50 anyway',
      run: prune,
    },
  },
};

/** `proxaudit runs`. */
export function runsCommand(args: readonly string[]): Promise<number> {
  return dispatchVerb(group, args);
}

function createCommand(verb: string, description: string): Command {
  return new Command(`proxaudit runs ${verb}`).description(description);
}

function list(args: readonly string[]): number {
  const command = createCommand(
    'list',
    'Lists the recorded runs, newest first, as the first and last line of each journal tell; "runs show" checks a journal.',
  ).option('--json', 'as JSON');
  parseOptions(command, args);
  const entries = listRuns(process.env);
  const place = { now: Date.now(), columns: columnsOf(STDOUT), colour: wantsColour(STDOUT) };
  const isJson = command.opts<{ json?: boolean }>().json === true;
  print(STDOUT, isJson ? `${JSON.stringify(entries, null, 2)}\n` : renderRunList(entries, place));
  return 0;
}

async function show(args: readonly string[]): Promise<number> {
  const command = createCommand('show', 'Shows the summary of a run, made again from its journal.')
    .usage('[options] [ID]')
    .argument('[id]')
    .option('--json', 'the report as JSON')
    .option('--verbose', 'more in the summary: every host, artifact, failure and reason');
  parseOptions(command, args);
  const { json: isJson = false, verbose = false } = command.opts<{ json?: boolean; verbose?: boolean }>();
  const [id] = command.args;
  const named = id === undefined ? [] : [findRun(process.env, id).journalFile];
  const { run, journalFile, notes } = await replay(named, { env: process.env });
  notes.forEach(printNote);
  if (isJson)
    await writeReports([{ format: 'json', path: undefined }], run, { stdout: true, directory: null });
  else await printSummary(run, { verbose, journalFile, fd: STDOUT });
  return 0;
}

interface PruneOptions {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

function prune(args: readonly string[]): number {
  const command = createCommand(
    'prune',
    'Removes finished runs; never one that is under way, nor a journal that -o put elsewhere.\n' +
      'Without options: all but the newest 50. With both, the newest N stay, however old they are.',
  )
    .option('--keep <n>', 'the newest N stay', parseCount)
    .option('--older-than <time>', 'only runs that began longer ago: 90m, 12h, 30d, 4w', parseDuration)
    .option('--dry-run', 'only tell what would be removed');
  parseOptions(command, args);
  const { keep, olderThan, dryRun: isDryRun = false } = command.opts<PruneOptions>();
  const before = olderThan === undefined ? undefined : Date.now() - olderThan;
  const pruned = pruneRuns(process.env, { keep, before, isDryRun });
  print(STDOUT, renderPruned(pruned, isDryRun));
  const failed = pruned.find(({ failure }) => failure !== undefined);
  if (failed === undefined) return 0;
  throw new AuditError('bad-input', `run ${failed.runId} cannot be removed: ${failed.failure ?? ''}`);
}
