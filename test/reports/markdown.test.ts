import { expect, it } from 'vitest';
import { markdown } from '../../reports/markdown.ts';
import { joinChunks } from '../../reports/renderer.ts';
import { code, codeCell, prose } from '../../reports/text/markdown-text.ts';
import type { Run } from '../../src/model/run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

it('puts foreign text into code spans that it cannot leave', () => {
  expect(code('a `b` ``c``')).toBe('``` a `b` ``c`` ```');
  expect(code('x')).toBe('`x`');
  expect(code('a|b')).toBe('`a|b`');
  expect(codeCell('a|b')).toBe('`a\\|b`');
  expect(code('')).toBe('` `');
  expect(code('a\nb')).toBe('`a\\nb`');
});

it('escapes foreign text outside of code', () => {
  expect(prose('<b> *x* _y_ [z](u) `c` | # ~ @me &amp; https://x.example')).toBe(
    '\\<b\\> \\*x\\* \\_y\\_ \\[z\\](u) \\`c\\` \\| \\# \\~ \\@me \\&amp; https\\://x.example',
  );
  expect(prose('- item')).toBe('\\- item');
  expect(prose('1. item')).toBe('1\\. item');
});

it('lets hostile traffic add no structure', async () => {
  const text = joinChunks(markdown.render(await readFixture('hostile')));
  const withoutCode = text.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
  const ours =
    /^(?:#### [A-Z][A-Za-z ]+|### proxaudit: |<details><summary>Run and head<\/summary>|<\/details>)$/;
  for (const line of withoutCode.split('\n').filter((line) => !ours.test(line))) {
    expect(line.replace(/\*\*/g, '')).not.toMatch(/(?<!\\)(?:\\\\)*[<`[\]*_#&@~]/);
  }
  const rows = withoutCode.split('\n').filter((line) => line.startsWith('| '));
  for (const row of rows) expect([6, 9]).toContain(row.match(/(?<!\\)\|/g)?.length);
});

it('warns of a journal that was changed or cut', async () => {
  expect(joinChunks(markdown.render(await readFixture('tampered')))).toContain(
    '> **Warning:** the journal of run',
  );
  expect(joinChunks(markdown.render(await readFixture('truncated')))).toContain('is cut short.');
});

it('fits a step summary, however much there is', () => {
  const evil = '|`<'.repeat(3_000);
  const many = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: 5_000 }, (_, index) => make(index));
  const run: Run = {
    ...emptyRun,
    runs: many(() => ({ ...emptyRun.runs[0], command: [evil], cwd: evil }) as Run['runs'][number]),
    hosts: many((index) => ({
      host: `${index}${evil}`,
      requests: 1,
      failed: 1,
      bytesIn: 1,
      bytesOut: 1,
      statuses: Object.fromEntries(many((status) => [`${status}`, 1])),
      tunnels: 1,
    })),
    processes: many((index) => ({
      process: { pid: index, name: evil, command: [evil, `${index}`], package: evil, script: evil },
      processes: 1,
      requests: 1,
      failed: 1,
      bytesIn: 1,
      bytesOut: 1,
      tunnels: 1,
      hosts: Array.from({ length: 5 }, () => ({ host: evil, requests: 1, bytesIn: 1, bytesOut: 1 })),
      uploads: [{ method: evil, url: evil, host: evil, size: index, sha256: 'a'.repeat(64), count: 1 }],
    })),
    failures: many((index) => ({
      method: 'GET',
      url: `${index}${evil}`,
      code: evil,
      message: evil,
      count: 1,
    })),
    tlsFailures: many((index) => ({
      host: `${index}${evil}`,
      side: 'client',
      cause: evil,
      advice: evil,
      count: 1,
    })),
    blindSpots: many((index) => ({ kind: 'tunnelled', subject: `${index}${evil}`, advice: evil, count: 1 })),
    unfinished: many((index) => `${index}${evil}`),
    completeness: { verdict: 'incomplete', reasons: many((index) => `${index}${evil}`) },
  };
  const text = joinChunks(markdown.render(run));
  expect(Buffer.byteLength(text)).toBeLessThan(900_000);
  expect(text).toContain('… and 4,900 more');
});
