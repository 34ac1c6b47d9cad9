import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openJournal, type Journal } from '../../src/run/journal-writer.ts';
import { exchange, runStarted } from './sample-facts.ts';

/** What is left on the disk. */
const disk = vi.hoisted(() => ({ room: Infinity }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const writeSync = (fd: number, bytes: Uint8Array, offset: number): number => {
    const taken = Math.min(bytes.length - offset, disk.room);
    if (taken === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC', errno: -28 });
    disk.room -= taken;
    return fs.writeSync(fd, bytes, offset, taken);
  };
  return { ...fs, writeSync };
});

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-journal-'));
  file = join(directory, 'journal.jsonl');
  disk.room = Infinity;
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const content = (): string => readFileSync(file, 'utf8');

function openBusy(onFailed: (message: string) => void, told: string[]): Journal {
  const journal = openJournal(
    { file },
    {
      onRecorded: (event) => told.push('id' in event ? event.id : event.type),
      onFailed: ({ message }) => {
        onFailed(message);
      },
    },
  );
  journal.record(runStarted);
  for (let number = 1; number <= 8; number += 1) journal.record(exchange(`busy${number}`)[0]);
  journal.flush();
  return journal;
}

it('does nothing of what waited for a write that failed, cuts off half a line, and counts the whole ones', async () => {
  const told: string[] = [];
  const failures: string[] = [];
  const done: string[] = [];
  const journal = openBusy((message) => failures.push(message), told);
  const before = content();
  told.length = 0;
  const line = before.split('\n').at(-2) ?? '';
  disk.room = Math.round(line.length * 1.5);
  for (const id of ['x1', 'x2', 'x3']) {
    journal.record(exchange(id)[0]);
    journal.afterWritten(
      () => done.push(`${id} goes on`),
      () => done.push(`${id} failed`),
    );
  }
  await turn();
  expect(done).toEqual(['x1 failed', 'x2 failed', 'x3 failed']);
  expect(failures).toEqual([`the journal ${file} cannot be written: no space is left on the device`]);
  expect(told).toEqual(['x1']);
  expect(content().slice(before.length)).toMatch(/^\{[^\n]*"id":"x1"[^\n]*\}\n$/);
  expect(journal.seq()).toBe(10);

  disk.room = Infinity;
  expect(() => {
    journal.record(exchange('x4')[0]);
  }).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  journal.afterWritten(
    () => done.push('x4 goes on'),
    () => done.push('x4 failed'),
  );
  expect(done.at(-1)).toBe('x4 failed');
  expect(failures).toHaveLength(1);
  expect(await journal.compare()).toBeUndefined();
  journal.close();
});

it('throws at once where the write of a single line fails, which is cut off', () => {
  const journal = openJournal({ file });
  journal.record(runStarted);
  const head = journal.head();
  const before = content();
  disk.room = 100;
  expect(() => {
    journal.record(exchange('x1')[0]);
  }).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  expect([content(), journal.seq(), journal.head()]).toEqual([before, 1, head]);
});
