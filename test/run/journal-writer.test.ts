import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventSchema, type Fact } from '../../src/model/events.ts';
import { openJournal, type Journal } from '../../src/run/journal-writer.ts';
import { exchange, runFinished, runStarted } from './sample-facts.ts';

const checker = 'test/fixtures/check-journal.py';
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-journal-'));
  file = join(directory, 'journal.jsonl');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('writes each fact before it returns, chained to the one before', () => {
  const journal = openJournal({ file }, { now: () => Date.UTC(2026, 10, 21, 1, 37, 53, 42) });
  expect(journal.head()).toBe('0'.repeat(64));
  const facts: Fact[] = [runStarted, ...exchange('x1'), runFinished];
  for (const [index, fact] of facts.entries()) {
    journal.record(fact);
    const line = linesOf(file).at(-1) ?? '';
    expect(journal.seq()).toBe(index + 1);
    expect(journal.head()).toBe(sha256(line));
  }
  journal.close();
  const lines = linesOf(file);
  expect(lines[0]).toBe(
    '{"v":1,"seq":1,"at":"2026-11-21T01:37:53.042Z","type":"run-started","prev":"' +
      `${'0'.repeat(64)}","runId":"20261121T013753Z-042f2e","tool":{"name":"proxaudit","version":"0.1.0"},` +
      '"command":["npm","ci"],"cwd":"/home/somebody/shop","capture":"env",' +
      '"host":{"platform":"linux","release":"6.8.0","arch":"x64","node":"20.20.2"},' +
      `"configDigest":"${'0'.repeat(64)}"}`,
  );
  for (const [index, line] of lines.entries()) {
    const event: unknown = JSON.parse(line);
    expect(Object.keys(event as object).slice(0, 5)).toEqual(['v', 'seq', 'at', 'type', 'prev']);
    expect(eventSchema.parse(event)).toEqual(event);
    expect(event).toMatchObject({
      seq: index + 1,
      prev: index === 0 ? '0'.repeat(64) : sha256(lines[index - 1] ?? ''),
    });
  }
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ head: sha256(lines[2] ?? '') });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(execFileSync('python3', [checker, file], { encoding: 'utf8' })).toContain('exchange-completed 1');
});

it('never lets time go backwards', () => {
  const times = [5_000, 3_000, 6_000];
  const journal = openJournal({ file }, { now: () => times.shift() ?? 0 });
  for (const fact of [runStarted, ...exchange('x1')]) journal.record(fact);
  expect(linesOf(file).map((line) => (JSON.parse(line) as { at: string }).at)).toEqual([
    '1970-01-01T00:00:05.000Z',
    '1970-01-01T00:00:05.000Z',
    '1970-01-01T00:00:06.000Z',
  ]);
});

it('tells each event after it was written, as it was written', () => {
  const told: unknown[] = [];
  const journal = openJournal({ file }, { onRecorded: (event) => told.push(event) });
  for (const fact of [runStarted, ...exchange('x1'), runFinished]) journal.record(fact);
  expect(told).toEqual(linesOf(file).map((line) => JSON.parse(line) as unknown));
});

/** So many exchanges in flight that lines wait for the end of the turn. */
function startMany(journal: Journal): void {
  journal.record(runStarted);
  for (let number = 1; number <= 8; number += 1) journal.record(exchange(`busy${number}`)[0]);
  journal.flush();
}

it('writes at once while few exchanges are in flight, and what waits for it does not wait', () => {
  const journal = openJournal({ file });
  journal.record(runStarted);
  const [started, completed] = exchange('x1');
  const done: string[] = [];
  for (const fact of [started, completed]) {
    journal.record(fact);
    journal.afterWritten(
      () => done.push(linesOf(file).at(-1) ?? ''),
      () => done.push('failed'),
    );
  }
  expect(done).toEqual(linesOf(file).slice(1));
});

it('writes the lines of a turn in one piece while many are, tells of them, and then does what waited, in order', async () => {
  const told: string[] = [];
  const journal = openJournal(
    { file },
    {
      onRecorded: ({ type }) => {
        told.push(`${type} of ${linesOf(file).length}`);
      },
    },
  );
  startMany(journal);
  told.length = 0;
  for (const id of ['x1', 'x2']) {
    journal.record(exchange(id)[0]);
    journal.afterWritten(
      () => {
        told.push(id);
        // Of the same client: not before what waits already.
        if (id !== 'x1') return;
        journal.afterWritten(
          () => told.push('x1 again'),
          () => told.push('failed'),
        );
        journal.record(exchange(id)[1]);
        journal.afterWritten(
          () => told.push('x1 ends'),
          () => told.push('failed'),
        );
      },
      () => told.push('failed'),
    );
  }
  expect([linesOf(file).length, told]).toEqual([9, []]);
  await turn();
  const started = 'exchange-started of 11';
  expect(told.slice(0, 5)).toEqual([started, started, 'x1', 'x2', 'x1 again']);
  await turn();
  expect(told.slice(5)).toEqual(['exchange-completed of 12', 'x1 ends']);
  const lines = linesOf(file);
  const before = lines.map((line) => (JSON.parse(line) as { prev: string }).prev);
  expect(before).toEqual(['0'.repeat(64), ...lines.slice(0, -1).map(sha256)]);
});

it('writes what waits before it says where it stands, compares and closes', async () => {
  const journal = openJournal({ file });
  startMany(journal);
  const record = (id: string): void => {
    journal.record(exchange(id)[0]);
  };
  record('x1');
  expect([journal.seq(), linesOf(file).length]).toEqual([10, 10]);
  record('x2');
  expect(journal.head()).toBe(sha256(linesOf(file)[10] ?? ''));
  record('x3');
  expect(await journal.compare()).toBeUndefined();
  expect(linesOf(file)).toHaveLength(12);
  journal.close();
});

it('goes on with what waits behind an action that throws, whose error nobody catches', async () => {
  const journal = openJournal({ file });
  startMany(journal);
  journal.record(exchange('x1')[0]);
  const caught = new Promise((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(error.message);
    });
  });
  const done: string[] = [];
  const never = (): void => undefined;
  journal.afterWritten(() => {
    throw new Error('a bug');
  }, never);
  journal.afterWritten(() => done.push('the next'), never);
  expect([await caught, done]).toEqual(['a bug', ['the next']]);
});

it('writes of an event what JSON makes of it, byte for byte', () => {
  const lines: string[] = [];
  const events: unknown[] = [];
  const journal = openJournal(
    { file },
    { onRecorded: (event) => events.push(event), onLine: (line) => lines.push(line) },
  );
  const awkward = '"\\/\u0000\u001f\u007f\u2028\ud800 \udc00é€😀';
  const facts = exchange('x1', `https://x.example/${awkward}`);
  journal.record({ ...runStarted, cwd: awkward, includesLocal: undefined });
  for (const fact of facts) journal.record(fact);
  journal.record({ type: 'blind-spot', kind: 'parts', subject: awkward, advice: awkward });
  journal.record(runFinished);
  expect(lines).toEqual(events.map((event) => `${JSON.stringify(event)}\n`));
  expect(readFileSync(file)).toEqual(Buffer.from(lines.join('')));
  for (const line of lines) {
    const event: unknown = JSON.parse(line);
    expect(eventSchema.parse(event)).toEqual(event);
  }
  expect(execFileSync('python3', [checker, file], { encoding: 'utf8' })).toContain('exchange-completed 1');
});

it('fails closed when the disk is full', () => {
  const journal = openJournal({ file: '/dev/full' });
  const failing = (): void => {
    journal.record(runStarted);
  };
  expect(failing).toThrowError(
    expect.objectContaining({
      code: 'journal-failed',
      message: 'the journal /dev/full cannot be written: no space is left on the device',
    }) as Error,
  );
  expect(failing).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  expect(journal.seq()).toBe(0);
});

it('fails closed when its descriptor was closed, and stays failed when it would work again', () => {
  const fd = openSync(file, 'w');
  const journal = openJournal({ fd });
  journal.record(runStarted);
  closeSync(fd);
  const record = (): void => {
    for (const fact of exchange('x1')) journal.record(fact);
  };
  expect(record).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  const reopened = openSync(file, 'a');
  try {
    expect(record).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  } finally {
    closeSync(reopened);
  }
  expect(linesOf(file)).toHaveLength(1);
});

it('records nothing once it is closed', () => {
  const journal = openJournal({ file });
  journal.close();
  journal.close();
  expect(() => {
    journal.record(runStarted);
  }).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
});

it('says where it cannot open a file, and overwrites none of its own', () => {
  expect(() => openJournal({ file: join(directory, 'none', 'x') })).toThrowError(
    expect.objectContaining({ code: 'journal-failed', hint: expect.stringContaining('-o FILE') }) as Error,
  );
  writeFileSync(file, 'mine\n');
  expect(() => openJournal({ file, exclusive: true })).toThrowError(/it is there already$/);
  openJournal({ file }).close();
  expect(readFileSync(file, 'utf8')).toBe('');
});

it('bounds its lines, saying what it cut', () => {
  const journal = openJournal({ file });
  const long = 'x'.repeat(3_000_000);
  const [started, completed] = exchange('x1', `https://x.example/${long}`);
  journal.record({ ...runStarted, command: Array.from({ length: 50_000 }, () => 'é'.repeat(300)) });
  journal.record(started);
  journal.record(completed);
  const lines = linesOf(file);
  for (const line of lines) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_048_576);
    expect(eventSchema.safeParse(JSON.parse(line)).success).toBe(true);
  }
  expect(lines[1]).toContain('… [cut, 3000018 characters]');
});

it('cuts bodies so that they stay what they say they are', () => {
  const journal = openJournal({ file });
  const [started, completed] = exchange('x1');
  if (completed.type !== 'exchange-completed') throw new Error('no exchange');
  const content = (text: string, encoding: 'utf-8' | 'base64') => ({ text, encoding, truncated: false });
  const body = { size: 1, content: content('\u001b'.repeat(262_144), 'utf-8') };
  const base64 = Buffer.alloc(262_144, 'abc').toString('base64');
  journal.record(runStarted);
  journal.record(started);
  journal.record({ ...completed, request: { ...completed.request, body } });
  journal.record({
    ...completed,
    request: { ...completed.request, body: { size: 1, content: content(base64, 'base64') } },
  });
  journal.record({
    ...completed,
    request: {
      ...completed.request,
      url: 'x'.repeat(1_000_000),
      body: { size: 1, content: content(base64, 'base64') },
    },
  });
  const [, , escaped = '', whole = '', cut = ''] = linesOf(file);
  const contentOf = (line: string) =>
    eventSchema.parse(JSON.parse(line)) as { request?: { body: typeof body } };
  expect(contentOf(escaped).request?.body.content).toEqual({
    ...content('\u001b'.repeat(65_536), 'utf-8'),
    truncated: true,
  });
  expect(contentOf(whole).request?.body.content).toEqual(content(base64, 'base64'));
  expect(contentOf(cut).request?.body.content).toEqual({
    ...content(base64.slice(0, 65_536), 'base64'),
    truncated: true,
  });
});

it('waits for a slow reader of a full pipe and loses nothing', async () => {
  const reader = spawn('sh', ['-c', `sleep 1; cat > '${file}'`], { stdio: ['pipe', 'ignore', 'inherit'] });
  const { fd } = (reader.stdin as unknown as { _handle: { fd: number } })._handle;
  const journal = openJournal({ fd });
  journal.record(runStarted);
  for (let index = 0; index < 1_500; index++) {
    for (const fact of exchange(`x${index}`, `https://x.example/${'y'.repeat(500)}`)) journal.record(fact);
  }
  journal.record(runFinished);
  reader.stdin.end();
  await once(reader, 'close');
  expect(execFileSync('python3', [checker, file], { encoding: 'utf8' })).toContain('exchange-completed 1500');
});
