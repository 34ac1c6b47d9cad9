import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventSchema, type Fact } from '../../src/model/events.ts';
import { openJournal } from '../../src/run/journal-writer.ts';
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
  expect(told.map((event) => ({ v: 1, ...(event as object) }))).toEqual(
    linesOf(file).map((line) => JSON.parse(line) as unknown),
  );
});

it('writes together what is recorded together, and tells of it then', () => {
  const told: number[] = [];
  const journal = openJournal({ file }, { onRecorded: () => told.push(linesOf(file).length) });
  journal.record(runStarted);
  journal.together(() => {
    for (const fact of exchange('x1')) journal.record(fact);
    expect(linesOf(file)).toHaveLength(1);
  });
  journal.record(runFinished);
  expect(told).toEqual([1, 3, 3, 4]);
  const lines = linesOf(file);
  const before = lines.map((line) => (JSON.parse(line) as { prev: string }).prev);
  expect(before).toEqual(['0'.repeat(64), ...lines.slice(0, -1).map(sha256)]);
});

it('tells of nothing, and counts nothing, where what was to be written together was not', () => {
  const told: unknown[] = [];
  const journal = openJournal({ file: '/dev/full' }, { onRecorded: (event) => told.push(event) });
  const failing = (): void => {
    journal.together(() => {
      journal.record(runStarted);
    });
  };
  expect(failing).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  expect(failing).toThrowError(expect.objectContaining({ code: 'journal-failed' }) as Error);
  expect([told, journal.seq()]).toEqual([[], 0]);
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
