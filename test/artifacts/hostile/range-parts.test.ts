import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../../src/artifacts/expectations.ts';
import { observeAll, recogniseAll, type Fed } from '../feed.ts';

const file = Buffer.from(Array.from({ length: 100 }, (_, index) => 32 + index));
const hex = (algorithm: string, bytes: Buffer): string => createHash(algorithm).update(bytes).digest('hex');
const url = 'https://registry.example/pad/-/pad-1.0.0.tgz';
const etag = { etag: '"v1"' };
const lock: LoadedLockfile = {
  path: 'package-lock.json',
  ecosystem: 'npm',
  entries: [
    {
      name: 'pad',
      version: '1.0.0',
      line: 7,
      expected: [{ algorithm: 'sha512', value: hex('sha512', file) }],
    },
  ],
};

/** A range of the file, from `start` to before `end`. */
const part = (start: number, end: number, change: Partial<Fed> = {}): Fed => ({
  url,
  status: 206,
  body: file.subarray(start, end),
  ...change,
  requestHeaders: { range: `bytes=${start}-`, ...change.requestHeaders },
  headers: { ...etag, 'content-range': `bytes ${start}-${end - 1}/100`, ...change.headers },
});
/** All of it was to come, and `size` bytes of it did. */
const cut = (size: number, change: Partial<Fed> = {}): Fed => ({
  ...{ url, headers: etag, body: file.subarray(0, size), complete: false },
  ...change,
});

describe('a file that comes in parts', () => {
  it.each<[how: string, parts: Fed[]]>([
    ['from the beginning', [part(0, 40), part(40, 100)]],
    ['in many parts', Array.from({ length: 10 }, (_, index) => part(index * 10, index * 10 + 10))],
    ['after it was cut short', [cut(30), part(30, 100)]],
    [
      'where a part was cut short too',
      [cut(30), part(30, 100, { body: file.subarray(30, 60), complete: false }), part(60, 100)],
    ],
    ['in one part that is all', [part(0, 100)]],
    ['in one part that nobody asked for', [part(0, 100, { requestHeaders: { range: '' } })]],
    [
      'where a redirect leads to another place each time',
      [
        { url, status: 302, headers: { location: 'https://a.example/signed?1' } },
        cut(30, { url: 'https://a.example/signed?1' }),
        { url, status: 302, headers: { location: 'https://b.example/signed?2' } },
        part(30, 100, { url: 'https://b.example/signed?2' }),
      ],
    ],
  ])('is put together %s', async (_how, parts) => {
    const exchanges = parts.map((fed) =>
      fed.requestHeaders?.['range'] === '' ? { ...fed, requestHeaders: {} } : fed,
    );
    const { artifacts, blindSpots } = await observeAll(exchanges, [lock]);
    expect(artifacts).toMatchObject([
      {
        ...{ verdict: 'locked', size: 100, purl: 'pkg:npm/pad@1.0.0' },
        digests: { sha256: hex('sha256', file), sha512: hex('sha512', file) },
        exchangeIds: exchanges.map((_, index) => `x${index + 1}`),
      },
    ]);
    expect(blindSpots).toEqual([]);
  });

  const evil = Buffer.alloc(40, 'evil');

  it.each<[trick: string, parts: Fed[]]>([
    ['one is missing', [part(0, 40), part(50, 100)]],
    ['the beginning is missing', [part(40, 100)]],
    ['the end is missing', [part(0, 40), part(40, 90)]],
    ['they come in another order', [part(40, 100), part(0, 40)]],
    ['they overlap', [part(0, 40), part(30, 100)]],
    ['one comes twice, with other bytes', [part(0, 40, { body: evil }), part(0, 40), part(40, 100)]],
    [
      'it begins anew after it was cut short',
      [cut(30, { body: evil.subarray(0, 30) }), part(0, 40), part(40, 100)],
    ],
    ['it was cut short twice', [cut(30, { body: evil.subarray(0, 30) }), cut(30), part(30, 100)]],
    ['the client has less of it than came', [cut(30), part(20, 100)]],
    ['a part is of another version', [part(0, 40), part(40, 100, { headers: { etag: '"v2"' } })]],
    ['a part has no validator', [part(0, 40), part(40, 100, { headers: { etag: '' } })]],
    [
      'Last-Modified differs',
      [
        part(0, 40, { headers: { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' } }),
        part(40, 100, { headers: { 'last-modified': 'Tue, 02 Jan 2024 00:00:00 GMT' } }),
      ],
    ],
    [
      'the totals differ',
      [part(0, 40), part(40, 100, { headers: { 'content-range': 'bytes 40-99/200' } }), part(100, 200)],
    ],
    [
      'the answer is of another range than was asked for',
      [part(0, 40, { requestHeaders: { range: 'bytes=60-' } }), part(40, 100)],
    ],
    [
      'a part has more bytes than it says',
      [part(0, 40), part(40, 100, { body: Buffer.concat([file.subarray(40), Buffer.from('more')]) })],
    ],
    ['a part has fewer bytes than it says', [part(0, 40, { body: file.subarray(0, 30) }), part(40, 100)]],
    [
      'the total is not known',
      [part(0, 40, { headers: { 'content-range': 'bytes 0-39/*' } }), part(40, 100)],
    ],
    [
      'several ranges come at once',
      [
        part(0, 100, {
          headers: { 'content-type': 'multipart/byteranges; boundary=x', 'content-range': '' },
        }),
      ],
    ],
    ['the end of it was asked for', [part(60, 100, { requestHeaders: { range: 'bytes=-40' } })]],
    ['it says nothing of its range', [part(0, 40), part(40, 100, { headers: { 'content-range': '' } })]],
    ['its range is no range', [part(0, 40, { headers: { 'content-range': 'bytes 39-0/100' } })]],
  ])('is never claimed where %s', async (_trick, parts) => {
    const { artifacts, blindSpots } = await observeAll(parts, [lock]);
    expect(artifacts).toMatchObject([
      { verdict: 'not-comparable', reason: 'in-parts', digests: {}, expected: [{ reason: 'in-parts' }] },
    ]);
    expect(blindSpots).toMatchObject([{ kind: 'parts', subject: url }]);
  });

  it('is judged by what came in them', async () => {
    const parts = [part(0, 40, { body: evil }), part(40, 100)];
    expect(await recogniseAll(parts, [lock])).toMatchObject([{ verdict: 'mismatch', size: 100 }]);
  });

  it('is told without a lockfile too, and by no artifact where it came whole as well', async () => {
    const lazily = [part(60, 100, { requestHeaders: { range: 'bytes=-40' } })];
    expect(await observeAll(lazily)).toMatchObject({ artifacts: [], blindSpots: [{ kind: 'parts' }] });
    const whole: Fed = { url, body: file };
    expect(await observeAll([...lazily, whole], [lock])).toMatchObject({
      artifacts: [{ verdict: 'locked', exchangeIds: ['x2'] }],
      blindSpots: [{ kind: 'parts', subject: url }],
    });
    // What was cut short and then came whole is nothing to be told.
    expect(await observeAll([cut(30), whole], [lock])).toMatchObject({
      artifacts: [{ verdict: 'locked' }],
      blindSpots: [],
    });
  });

  it('is the file as it crosses the wire, also where that is encoded', async () => {
    const wire = gzipSync(file);
    const half = 20;
    const coded = (start: number, end: number, agent: string): Fed => ({
      url,
      status: 206,
      ...{
        body: Buffer.from('whatever that decodes to'),
        encoded: wire.subarray(start, end),
        undecoded: 'cut-short',
      },
      requestHeaders: { range: `bytes=${start}-`, 'user-agent': agent },
      headers: { 'content-encoding': 'gzip', 'content-range': `bytes ${start}-${end - 1}/${wire.length}` },
    });
    const by = (agent: string): Fed[] => [coded(0, half, agent), coded(half, wire.length, agent)];
    const wireLock = {
      ...lock,
      entries: [{ ...lock.entries[0], expected: [{ algorithm: 'sha256', value: hex('sha256', wire) }] }],
    };
    expect(await recogniseAll(by('curl/7.88.1'), [wireLock as LoadedLockfile])).toMatchObject([
      { verdict: 'locked', size: wire.length },
    ]);
    expect(await recogniseAll(by('something else'), [lock])).toMatchObject([
      { verdict: 'not-comparable', reason: 'not-decoded' },
    ]);
  });

  it('is not put together with those of another URL', async () => {
    const other = 'https://registry.example/pad/-/pad-1.0.0.tgz?again';
    const { artifacts, blindSpots } = await observeAll([part(0, 40), part(40, 100, { url: other })], [lock]);
    expect(artifacts.map(({ verdict }) => verdict)).toEqual(['not-comparable', 'not-comparable']);
    expect(blindSpots).toHaveLength(2);
  });

  it('has bounds: of very many at a time it is only said that they came so', async () => {
    const many = Array.from(
      { length: 40 },
      (_, index) => `https://r.example/p${index}/-/p${index}-1.0.0.tgz`,
    );
    const { artifacts, blindSpots } = await observeAll([
      ...many.map((one) => part(0, 40, { url: one })),
      ...many.map((one) => part(40, 100, { url: one })),
    ]);
    expect(artifacts).toHaveLength(32);
    expect(blindSpots).toHaveLength(8);
  });
});

describe('a file that was cut short, and then came as a whole', () => {
  const client = { pid: 1, name: 'pip', command: ['pip', 'install'] };
  const whole = { url, headers: etag, body: file };

  it('is what came as a whole where the same process asked again', async () => {
    const again = [cut(60, { process: client }), { ...whole, process: client }];
    expect(await recogniseAll(again, [lock])).toMatchObject([{ verdict: 'locked' }]);
  });

  it('may have been kept as it was by another process', async () => {
    const other = { ...client, pid: 2 };
    const both = [cut(60, { process: client }), { ...whole, process: other }];
    const verdicts = (await recogniseAll(both, [lock])).map(({ verdict }) => verdict);
    expect(verdicts.sort()).toEqual(['locked', 'not-comparable']);
  });
});
