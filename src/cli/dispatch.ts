import { CommanderError } from 'commander';
import { releaseTerminal } from '../audit/index.ts';
import { AuditError } from '../support/errors.ts';
import { createMainCommand } from './commands.ts';
import { readExactArguments } from './exact-input.ts';
import { isMissingCode, REINSTALL } from './missing-code.ts';
import { runCommand } from './run-command.ts';
import { splitArguments } from './split-arguments.ts';
import type { Surroundings } from './surroundings.ts';
import { printError } from './terminal.ts';
import { warnOfUnknownVariables } from './unknown-variables.ts';

/** Bad usage or input of everything but a run, which keeps 2 for its command. */
const BAD_INPUT = 2;
const CANNOT_START = 125;

/** Does a subcommand, and returns the exit status. */
type Subcommand = (args: readonly string[], surroundings: Surroundings) => Promise<number>;

/** Apart from the rest: a run needs none of them. */
const subcommands: ReadonlyMap<string, () => Promise<Subcommand>> = new Map([
  ['report', async () => (await import('./report-command.ts')).reportCommand],
  ['runs', async () => (await import('./runs-command.ts')).runsCommand],
  ['diff', async () => (await import('./diff-command.ts')).diffCommand],
  ['lock', async () => (await import('./lock-command.ts')).lockCommand],
  ['env', async () => (await import('./env-command.ts')).envCommand],
  ['ca', async () => (await import('./ca-command.ts')).caCommand],
]);

/** Does what the arguments say, and exits with the status of it. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<never> {
  const status = await dispatch(args, surroundings);
  releaseTerminal();
  process.exit(status);
}

async function dispatch(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const main = createMainCommand();
  let isRun = true;
  try {
    const { own, rest, isExplicit } = splitArguments(readExactArguments(args), main);
    const load = isExplicit ? undefined : subcommands.get(rest[0] ?? '');
    isRun = load === undefined;
    if (load === undefined) {
      const status = await runCommand(main, { own, command: rest, isExplicit }, surroundings);
      surroundings.saveCode('run');
      return status;
    }
    warnOfUnknownVariables(process.env);
    const subcommand = await load();
    const status = await subcommand([...own, ...rest.slice(1)], surroundings);
    surroundings.saveCode('subcommand');
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const known = error instanceof AuditError ? error : describeUnexpected(error);
    printError(known);
    return isRun && known.code !== 'bad-input' ? CANNOT_START : BAD_INPUT;
  }
}

/** Bugs stay loud. */
function describeUnexpected(error: unknown): AuditError {
  if (isMissingCode(error)) return new AuditError('cannot-start', error.message, { hint: REINSTALL });
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AuditError('cannot-start', told, { hint: 'Please report this as a bug.' });
}
