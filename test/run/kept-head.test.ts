import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createJournalReader } from '../../src/run/journal-reader.ts';
import { chunksOf } from './sample-facts.ts';

describe('a head that was kept elsewhere', () => {
  const other = 'f'.repeat(64);
  const read = async (text: string, heads: readonly string[]) => {
    const reader = createJournalReader('a journal', heads);
    for await (const events of reader.read(chunksOf(text))) void events;
    return reader.integrity();
  };
  const golden = readFileSync('test/fixtures/journals/golden.jsonl', 'utf8');
  const lines = golden.split(/(?<=\n)/);
  const digestOf = (line = '') => createHash('sha256').update(line.trimEnd()).digest('hex');
  const head = digestOf(lines.at(-2));

  it('is that which the summary prints, or the digest of the last line', async () => {
    expect((JSON.parse(lines.at(-1) ?? '') as { head: string }).head).toBe(head);
    for (const heads of [[], [head], [digestOf(lines.at(-1))], [other, head]])
      expect(await read(golden, heads), String(heads)).toEqual({ verdict: 'intact', problems: [] });
  });

  it('tells a journal that was rewritten with a chain that holds', async () => {
    for (const heads of [[other], [digestOf(lines.at(-3))], [digestOf(lines[0])]])
      expect(await read(golden, heads)).toEqual({
        verdict: 'tampered',
        problems: [{ message: `its head is ${head}, not ${String(heads)}` }],
      });
    const { problems } = await read(golden, [other, other]);
    expect(problems).toEqual([{ message: `its head is ${head}, none of those that were given` }]);
  });

  it('tells nothing of a last line that is missing or cut, but of more that is', async () => {
    const last = lines.at(-1) ?? '';
    const verdictOf = async (text: string, heads: readonly string[]) => (await read(text, heads)).verdict;
    for (const left of ['', last.slice(0, 1), last.slice(0, -2)])
      expect(await verdictOf(lines.slice(0, -1).join('') + left, [head])).toBe('truncated');
    expect(await verdictOf(lines.slice(0, -2).join(''), [head])).toBe('tampered');
    expect(await verdictOf(lines.slice(0, -2).join(''), [])).toBe('truncated');
    expect(await verdictOf(`${golden}${last}`, [head])).toBe('tampered');
  });
});
