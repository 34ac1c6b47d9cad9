import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import type { Event } from '../../src/model/events.ts';
import { proxaudit } from './audit-run.ts';
import { startProgram } from './run-program.ts';
import type { Scene } from './scene.ts';
import { watchMemory } from './watch-memory.ts';

/** Of DESIGN.md, section 9. */
export const MAX_GROWTH_OF_A_BODY_MB = 64;
export const MAX_GROWTH_OF_EXCHANGES_MB = 150;

export type Completed = Extract<Event, { type: 'exchange-completed' }>;

/** The completed exchanges of a journal, read line by line. */
export async function* completedIn(file: string): AsyncGenerator<Completed> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const event = JSON.parse(line) as Event;
    if (event.type === 'exchange-completed') yield event;
  }
}

export interface Soak {
  readonly journal: string;
  /** By how much proxaudit grew, in MB. */
  readonly growth: number;
  readonly stdout: string;
  /** To be shown with what fails. */
  readonly figures: string;
}

/** Runs a bash line audited. What it does until it says "first" is not counted as growth. */
export async function soak(
  { user, directory, options }: Scene,
  { name, line, own = [] }: { name: string; line: string; own?: readonly string[] },
): Promise<Soak> {
  const journal = join(directory, `${name}.jsonl`);
  const first = 'curl -sS -o /dev/null https://origin.test/random/1000/first && echo first';
  const wrapper = proxaudit(journal, '-q', ...options, ...own);
  const running = startProgram([...wrapper, 'bash', '-c', `${first}; sleep 1; ${line}`], {
    env: user.env,
    cwd: directory,
    keepStdin: true,
  });
  const memory = watchMemory(running.process.pid ?? 0);
  await running.prints('first');
  memory.start();
  const started = performance.now();
  const { status, stdout, stderr } = await running.ended;
  const seconds = (performance.now() - started) / 1000;
  const { base, growth } = memory.stop();
  expect(status, stderr.toString()).toBe(0);
  const figures = `${name}: ${seconds.toFixed(0)} s, ${base} MB + ${growth} MB`;
  process.stderr.write(`${figures}\n`);
  return { journal, growth, stdout: stdout.toString().replace(/^first\n/, ''), figures };
}
