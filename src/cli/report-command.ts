import { Command } from 'commander';
import { openStandardStream } from '../audit/index.ts';
import { replay } from '../audit/replay.ts';
import { addSharedOptions, parseOptions, type RunOptions } from './options.ts';
import { printSummary, STDOUT } from './terminal.ts';
import { writeReports } from './write-reports.ts';

/** `proxaudit report`: the summary on stdout, or the reports that were asked for. */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const command = addSharedOptions(
    new Command('proxaudit report')
      .usage('[options] [JOURNAL…]')
      .description('Reports on recorded runs again: the last one, the named journals (merged), or stdin (-).')
      .argument('[journals...]'),
  );
  const options = parseOptions<RunOptions>(command, args);
  const { run, journalFile } = await replay(command.args, {
    env: process.env,
    stdin: openStandardStream('stdin'),
  });
  await writeReports(options.report, run, { stdout: true, directory: null });
  if (options.report.length === 0) {
    printSummary(run, { verbose: options.verbose === true, journalFile, fd: STDOUT });
  }
  return 0;
}
