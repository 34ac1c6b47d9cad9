import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { executable, readJournal, type Journal } from './audit-run.ts';
import { runCommand, type CommandOptions, type CommandResult } from './origin/run-command.ts';
import { hermeticEnvironment } from './registries/client-environment.ts';

/** Somebody who uses proxaudit, with home, state and temporary directory below a directory of their own. */
export interface AuditedUser {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where the runs are kept. */
  readonly runs: string;
  readonly tmp: string;
  /** Runs proxaudit with these arguments, in the user's directory. */
  proxaudit(args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Ids of the runs that are kept, oldest first. */
  runIds(): string[];
  /** The journal of the newest run in the state directory. */
  lastJournal(): Journal;
  /** Trust directories that are there now. */
  trustDirectories(): string[];
}

export function createUser(parent: string, name: string, additions: NodeJS.ProcessEnv = {}): AuditedUser {
  const directory = join(parent, name);
  mkdirSync(directory, { recursive: true });
  const env = hermeticEnvironment(directory, additions);
  const runs = join(directory, 'xdg-state', 'proxaudit', 'runs');
  const tmp = join(directory, 'tmp');
  const runIds = (): string[] => readdirSync(runs).sort();
  return {
    directory,
    env,
    runs,
    tmp,
    proxaudit: (args, options) =>
      runCommand([process.execPath, executable, ...args], { env, cwd: directory, ...options }),
    runIds,
    lastJournal: () => readJournal(join(runs, runIds().at(-1) ?? 'none', 'journal.jsonl')),
    trustDirectories: () => readdirSync(tmp).filter((entry) => entry.startsWith('proxaudit-')),
  };
}
