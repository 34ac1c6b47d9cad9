import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createJournalReader } from '../../src/run/journal-reader.ts';
import type { Event } from '../../src/model/events.ts';
import type { Integrity } from '../../src/model/run.ts';
import { createRandom } from '../helpers/random.ts';
import { chunksOf } from './sample-facts.ts';

const golden = readFileSync('test/fixtures/journals/golden.jsonl');
const lines = golden.toString('utf8').split('\n').slice(0, -1);

interface Reading {
  readonly events: Event[];
  readonly integrity: Integrity;
  readonly skipped: number;
}

async function read(journal: Uint8Array | string, chunkSize?: number): Promise<Reading> {
  const reader = createJournalReader('test.jsonl');
  const events: Event[] = [];
  for await (const batch of reader.read(chunksOf(journal, chunkSize))) events.push(...batch);
  return { events, integrity: reader.integrity(), skipped: reader.skipped() };
}

const join = (parts: readonly (string | undefined)[]): string =>
  parts.map((part) => `${part ?? ''}\n`).join('');

it.each([1, 7, 100, 65_536])('reads a golden journal in chunks of %i bytes', async (chunkSize) => {
  const { events, integrity } = await read(golden, chunkSize);
  expect(integrity).toEqual({ verdict: 'intact', problems: [] });
  expect(events).toEqual(lines.map((line) => JSON.parse(line) as unknown));
});

it.each([
  ['a changed character', (text: string) => text.replace('hello.txt', 'hallo.txt'), 2],
  ['a blank more', (text: string) => text.replace('"id":"c1"', '"id": "c1"'), 3],
  ['a line less', () => join([...lines.slice(0, 2), ...lines.slice(3)]), 3],
  ['a line twice', () => join([...lines.slice(0, 3), lines[2], ...lines.slice(3)]), 4],
  ['two lines swapped', () => join([lines[0], lines[2], lines[1], ...lines.slice(3)]), 2],
  ['a first line less', () => join(lines.slice(1)), 1],
  ['a line after the end', () => join([...lines, lines[1]]), 7],
  ['an empty line', () => join([...lines.slice(0, 2), '', ...lines.slice(2)]), 3],
  ['damage', () => join([...lines.slice(0, 2), '{"v":1', ...lines.slice(3)]), 3],
  ['a changed head', (text: string) => text.replace(/"head":"./, '"head":"x'), 6],
  ['another start', () => join([...lines.slice(0, 5), lines[0]]), 6],
])('calls a journal with %s tampered, and still reads it', async (_, edit, line) => {
  const { events, integrity } = await read(edit(golden.toString('utf8')));
  expect(integrity.verdict).toBe('tampered');
  expect(integrity.problems[0]?.line).toBe(line);
  expect(events.length).toBeGreaterThanOrEqual(4);
});

it('calls a journal without its end truncated, wherever it was cut', async () => {
  const first = (lines[0]?.length ?? 0) + 1;
  for (let length = first; length < golden.length - 1; length += 13) {
    const { events, integrity } = await read(golden.subarray(0, length));
    expect(integrity.verdict, `cut at ${length}`).toBe('truncated');
    expect(events.length).toBeGreaterThanOrEqual(1);
  }
  // Only the last newline is missing: nothing is lost.
  expect((await read(golden.subarray(0, -1))).integrity).toEqual({ verdict: 'intact', problems: [] });
});

it('lists at most 20 problems', async () => {
  const { integrity } = await read(join([lines[0], ...Array.from({ length: 100 }, () => 'x')]));
  expect(integrity.problems).toHaveLength(20);
});

it('skips events of types it does not know, and notes those it does not understand', async () => {
  const later = golden.toString('utf8').replaceAll('"connection-opened"', '"something-new"');
  const { events, skipped, integrity } = await read(later);
  expect({ events: events.length, skipped }).toEqual({ events: 5, skipped: 1 });
  expect(integrity.problems.every(({ message }) => message.includes('prev'))).toBe(true);
  const other = await read(golden.toString('utf8').replace('"connect"', '"carrier-pigeon"'));
  expect(other.integrity.problems[0]).toEqual({
    line: 2,
    message: expect.stringContaining('not understood at via'),
  });
});

it.each([
  ['nothing', ''],
  ['text', 'hello\nworld\n'],
  ['other JSON', '{"a":1}\n'],
  ['a JSON array', '[1]\n'],
  ['binary', Buffer.from([0, 255, 10, 13, 10])],
  ['an endless line', 'x'.repeat(5_000_000)],
])('says that %s is no journal', async (_, input) => {
  await expect(read(input)).rejects.toMatchObject({
    name: 'AuditError',
    code: 'bad-input',
    message: expect.stringMatching(/^test\.jsonl is not a journal: line 1 is /),
  });
});

it('says that it does not know a version', async () => {
  const edited = join([lines[0], lines[1]?.replace('"v":1', '"v":2')]);
  await expect(read(edited)).rejects.toMatchObject({
    code: 'bad-input',
    message: 'test.jsonl, line 2: journal version 2, expected version 1',
  });
});

it('holds no more of a line than its limit, and follows the chain past it', async () => {
  const journal = join([...lines.slice(0, 2), 'y'.repeat(6_000_000), ...lines.slice(2)]);
  const { events, integrity } = await read(journal);
  expect(events).toHaveLength(6);
  expect(integrity.problems[0]).toEqual({ line: 3, message: 'longer than 4 MiB' });
  expect(integrity.problems.filter(({ message }) => message.startsWith('prev'))).toHaveLength(1);
});

it('survives deep and odd JSON', async () => {
  const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
  const odd = [
    'null',
    '1',
    '"x"',
    deep,
    `{"a":${deep}}`,
    '{"__proto__":1}',
    '{"v":1,"seq":1e999,"type":"__proto__","prev":""}',
  ];
  const nested = (lines[1] ?? '').replace('"id":"c1"', `"id":${deep}`);
  const headers = (lines[2] ?? '').replace('"headers":{', '"headers":{"__proto__":"x","constructor":"y",');
  const { integrity } = await read(join([lines[0], ...odd, nested, headers]));
  expect(integrity.verdict).toBe('tampered');
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

it('never throws anything but AuditError on damaged journals', async () => {
  const random = createRandom(42);
  const npm = readFileSync('test/fixtures/journals/npm.jsonl');
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(npm);
    const kind = round % 3;
    for (let change = 0; change < 1 + round / 20; change++) {
      const at = Math.floor(random() * bytes.length);
      if (kind === 0) bytes[at] = Math.floor(random() * 256);
      else if (kind === 1) bytes.copyWithin(at, Math.floor(random() * bytes.length));
      else bytes.fill(0x0a, at, at + 3);
    }
    const cut = kind === 2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
    const result = await read(cut, 1 + Math.floor(random() * 5_000)).catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toMatchObject({ name: 'AuditError', code: 'bad-input' });
    else if (!cut.equals(npm))
      expect((result as Reading).integrity.verdict, `round ${round}`).not.toBe('intact');
  }
});
