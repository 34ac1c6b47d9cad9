import { describe, expect, it } from 'vitest';
import { formatIds } from '../../reports/format-ids.ts';
import { joinChunks, renderers } from '../../reports/index.ts';
import { renderSummary } from '../../reports/summary.ts';
import type { Run } from '../../src/model/run.ts';
import { hostileRun } from './hostile-run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

/** What a terminal, an editor or a log viewer could obey. */
const OBEYED =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]|[\u00ad\u200b-\u200f\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

const everyRendering: readonly (readonly [string, (run: Run) => string])[] = [
  ...formatIds.map((id) => [id, (run: Run) => joinChunks(renderers[id].render(run))] as const),
  ['summary', (run) => renderSummary(run)],
  [
    'verbose summary',
    (run) => renderSummary(run, { verbose: true, columns: 60, journalPath: '/tmp/\u001b[2J\u202e' }),
  ],
];

it('names every format once, in order', () => {
  const every = Object.values(renderers);
  expect(formatIds).toEqual([...new Set(formatIds)].sort());
  expect(every.map(({ id }) => id)).toEqual(formatIds);
  expect(new Set(every.map(({ extension }) => extension)).size).toBe(every.length);
  for (const { id, title, extension, mediaType } of every) {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(extension).toMatch(/^[a-z][a-z0-9.]*$/);
    expect(mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
    expect(title).not.toBe('');
  }
});

describe.each(everyRendering)('%s', (_, render) => {
  it('ends in one newline, the same every time', async () => {
    for (const name of ['npm', 'golden', 'truncated', 'tampered', 'hostile']) {
      const run = await readFixture(name);
      const text = render(run);
      expect(text).toMatch(/[^\n]\n$/);
      expect(render(structuredClone(run))).toBe(text);
    }
  });

  it('does not fail on an empty run, or on none', () => {
    expect(render(emptyRun)).toMatch(/\n$/);
    expect(render({ ...emptyRun, runs: [] })).toMatch(/\n$/);
  });

  it('lets nothing of the traffic be obeyed', async () => {
    const pages = [await readFixture('hostile'), hostileRun].map(render);
    for (const line of pages.join('').split('\n')) {
      expect(OBEYED.exec(line)?.[0], JSON.stringify(line)).toBeUndefined();
    }
  });
});
