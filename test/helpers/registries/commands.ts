import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Why `command` cannot be started, or undefined when it is on PATH. */
export function missingCommand(command: string): string | undefined {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ? undefined : `${command} is not installed`;
}

/** The first reason why one of `commands` cannot be started. */
export const missingOneOf = (...commands: string[]): string | undefined =>
  commands.map(missingCommand).find((reason) => reason !== undefined);

export interface OfflineOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a short command that must succeed, and returns what it printed. */
export function runOffline(argv: readonly string[], options: OfflineOptions): string {
  const [command = '', ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`${argv.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** The line that most likely says what was wrong, without terminal codes. */
export function complaintIn(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'it said nothing').slice(0, 300);
}
