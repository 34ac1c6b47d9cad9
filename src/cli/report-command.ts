import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import { openStandardStream } from '../audit/index.ts';
import { findJournal } from '../audit/find-journal.ts';
import { replay } from '../audit/replay.ts';
import { refuseForeignFiles } from './confined-report.ts';
import { applyConfiguration } from './configuration.ts';
import { findReason, FOUND } from './fail-on.ts';
import { addSharedOptions, summaryOfReport, type SharedOptions } from './options.ts';
import { collect, parseHead } from './option-values.ts';
import { parseOptions } from './parse-options.ts';
import { refuseOneFile } from './refuse-one-file.ts';
import { printError, printNote, printSummary, STDOUT } from './terminal.ts';
import { writeReports } from './write-reports.ts';

interface ReportOptions extends SharedOptions {
  readonly head?: readonly string[];
}

/** `proxaudit report`. */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const command = addSharedOptions(
    new Command('proxaudit report')
      .usage('[options] [JOURNAL…]')
      .description(
        'Reports on recorded runs again: the last one, the named journals or run ids (merged), or stdin (-).\n' +
          'Without --report: their summary, on stdout.',
      )
      .argument('[journals...]'),
  ).addOption(
    new Option(
      '--head <hash>',
      'the head that you kept of a journal; if it has another one, it is tampered; repeatable',
    )
      .argParser(collect(parseHead))
      .default([], 'none'),
  );
  parseOptions(command, args);
  await applyConfiguration(command);
  const journals = command.args.map((name) => findJournal(name, process.env));
  const options = { ...command.opts<ReportOptions>(), summary: summaryOfReport(command) };
  refuseOneFile(options.report);
  refuseForeignFiles(options.report);
  return reportOn(journals, options, openStandardStream('stdin'));
}

/** Writes the reports that were asked for; without any, the summary on stdout. Returns the exit status. */
export async function reportOn(
  journals: readonly string[],
  { report, failOn, summary, verbose = false, head = [] }: ReportOptions,
  stdin: AsyncIterable<Uint8Array>,
): Promise<number> {
  // A long journal is much garbage and few artifacts: without this the heap may grow to four times what lives.
  setFlagsFromString('--heap-growing-percent=15');
  const { run, journalFile, notes } = await replay(journals, { env: process.env, stdin, heads: head });
  notes.forEach(printNote);
  const { failed } = await writeReports(report, run, { stdout: true, directory: null });
  for (const error of failed) throw error;
  // The summary is what is asked for where no report is.
  if (summary === 'always' || (summary === 'auto' && report.length === 0))
    await printSummary(run, { verbose, journalFile, fd: STDOUT });
  const reason = findReason(run, failOn);
  if (reason === undefined) return 0;
  printError(reason);
  return FOUND;
}
