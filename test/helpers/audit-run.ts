import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { eventSchema, type Event, type EventType } from '../../src/model/events.ts';
import { runCommand, type CommandResult } from './origin/run-command.ts';

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
