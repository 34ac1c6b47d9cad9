import { isatty } from 'node:tty';
import { AuditError } from '../support/errors.ts';
import { readStdin } from './piped-stdin.ts';
import type { ReportPlan, RunPlan } from './plan.ts';

export interface CommandInput {
  /** What follows the options (or `--`), as it came. */
  readonly command: readonly string[];
  /** The value of `-c`. */
  readonly line?: string;
  /** The user's `$SHELL`. */
  readonly shell: string | undefined;
  /** Where a script from stdin is stored; made (0700) when it is missing. Its owner removes it. */
  readonly directory: string;
}

/**
 * Decides what to run: the command, one shell line, the user's shell, or what comes on stdin, which is either a shell
 * script or a journal to report on. Stdin is read, or even opened, only when there is neither command nor line and
 * it is no terminal. Throws `AuditError` code `bad-usage`.
 */
export async function planCommand(input: CommandInput): Promise<RunPlan | ReportPlan> {
  const [file, ...args] = input.command;
  if (input.line !== undefined) {
    if (file !== undefined) {
      throw new AuditError('bad-usage', 'Both -c and a command were given.', { hint: 'Give one of them.' });
    }
    return runAsIs('sh', ['-c', input.line]);
  }
  if (file !== undefined) return runAsIs(file, args);
  if (isatty(0))
    return runAsIs(input.shell === undefined || input.shell === '' ? '/bin/sh' : input.shell, []);
  return readStdin(input.directory);
}

function runAsIs(file: string, args: readonly string[]): RunPlan {
  return { kind: 'run', file, args, shown: [file, ...args], stdin: 'inherit' };
}
