// First, so that no signal is lost while the rest is loaded.
import { signals } from './signals.ts';
import { CommanderError } from 'commander';
import { AuditError } from '../support/errors.ts';
import { createMainCommand, isSubcommand } from './commands.ts';
import { runCommand } from './run-command.ts';
import { splitArguments } from './split-arguments.ts';
import { printError } from './terminal.ts';
import { releaseTerminal } from '../audit/index.ts';

/** Bad usage or input of everything but a run, which keeps 2 for its command. */
const BAD_INPUT = 2;
const CANNOT_START = 125;

// Node would print deprecations and the like over the child's output.
process.removeAllListeners('warning');

const status = await main(process.argv.slice(2));
releaseTerminal();
process.exit(status);

async function main(args: readonly string[]): Promise<number> {
  const { own, rest, isExplicit } = splitArguments(args, createMainCommand());
  const subcommand = isExplicit ? undefined : rest[0];
  const isRun = subcommand === undefined || !isSubcommand(subcommand);
  try {
    if (isRun) return await runCommand(own, rest, signals);
    const { reportCommand } = await import('./report-command.ts');
    return await reportCommand([...own, ...rest.slice(1)]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof AuditError)) throw error;
    printError(error);
    return isRun ? CANNOT_START : BAD_INPUT;
  }
}
