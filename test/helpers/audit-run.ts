import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { eventSchema, type Event, type EventType } from '../../src/model/events.ts';
import { runCommand, type CommandOptions, type CommandResult } from './origin/run-command.ts';

export const executable = resolve('bin/proxaudit.js');

/** The words before a command that audit it; the journal goes to `journal`. */
export function proxaudit(journal: string, ...options: string[]): string[] {
  return [process.execPath, executable, '-o', journal, ...options, '--'];
}

export interface Journal {
  readonly events: readonly Event[];
  of<T extends EventType>(type: T): Extract<Event, { type: T }>[];
  /** Completed exchanges whose response came from the upstream. */
  readonly exchanges: readonly Extract<Event, { type: 'exchange-completed' }>[];
}

/** Reads a journal, every line of which must fit the schema. */
export function readJournal(file: string): Journal {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const events = lines.map((line) => eventSchema.parse(JSON.parse(line)));
  const of = <T extends EventType>(type: T) =>
    events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
  return { events, of, exchanges: of('exchange-completed') };
}

/** Checks chain, numbers and head of a journal with the checker in another language. */
export async function checkJournal(file: string): Promise<CommandResult> {
  return runCommand(['python3', resolve('test/fixtures/check-journal.py'), file]);
}

/** Runs a command audited and returns its result with the journal, which must be whole. */
export async function audit(
  directory: string,
  argv: readonly string[],
  { options = [], ...rest }: CommandOptions & { options?: readonly string[] } = {},
): Promise<{ result: CommandResult; journal: Journal; file: string }> {
  const file = join(directory, `journal-${Math.random().toString(36).slice(2)}.jsonl`);
  const result = await runCommand([...proxaudit(file, '-q', ...options), ...argv], rest);
  if (!existsSync(file)) throw new Error(`no journal; proxaudit said: ${result.stderr}`);
  expect((await checkJournal(file)).code).toBe(0);
  return { result, journal: readJournal(file), file };
}
