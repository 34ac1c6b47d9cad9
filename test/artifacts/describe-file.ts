import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import type { Artifact, Verdict } from '../../src/model/artifact.ts';
import { decoding, recogniseAll, type Fed } from './feed.ts';
import { digest, type NamedFile } from './scenarios.ts';

/** What stands for a file's bytes: lockfiles, or what the client fetches before it. */
export interface Voucher {
  readonly lockfiles: readonly LoadedLockfile[];
  /** Exchanges of the same repository, by the URL that its paths are below. */
  readonly before: (base: string) => readonly Fed[];
  /** Of the file as it is meant. */
  readonly verdict: Verdict;
}

/** What a file must come through, whatever it is that vouches for it. */
export function describeFile(file: NamedFile, { lockfiles, before, verdict }: Voucher): void {
  const { path, prefixes, purl, content, tampered, ecosystem } = file;
  const base = `https://r.example${prefixes[0] ?? ''}`;
  const url = base + path;
  const good: Fed = { url, body: content, ...(file.headers === undefined ? {} : { headers: file.headers }) };
  const way = before(base);
  const recognise = (exchanges: readonly Fed[]): Promise<Artifact[]> =>
    recogniseAll([...way, ...exchanges], lockfiles);

  /** Everything that a file may be, but for what is said of it. */
  const is = (rest: Partial<Artifact>): object => ({ ecosystem, purl, ...rest });

  describe('in any way that it may come', () => {
    it.each(prefixes)('below "%s" has its name, and is checked', async (prefix) => {
      const mirror = `https://m.example${prefix}`;
      const exchanges = [...before(mirror), { ...good, url: mirror + path }];
      expect(await recogniseAll(exchanges, lockfiles)).toMatchObject([is({ verdict })]);
    });

    it('keeps both where a redirect leads to an opaque, signed URL', async () => {
      const signed = 'https://store.example/o/7f3a?X-Signature=abc&Expires=1';
      const redirect: Fed = { url, status: 302, headers: { location: signed } };
      for (const [body, expected] of [[content, verdict] as const, [tampered, 'mismatch'] as const]) {
        const answer = { url: signed, body, headers: { 'content-type': 'application/octet-stream' } };
        expect(await recognise([redirect, answer])).toMatchObject([is({ verdict: expected })]);
      }
    });

    it.each([
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
    ])('is what %s holds', async (coding, encode) => {
      const headers = { ...good.headers, 'content-encoding': coding };
      const encoded = { ...good, encoded: encode(content), headers, requestHeaders: decoding };
      expect(await recognise([encoded])).toMatchObject([
        is({ verdict, digests: { sha256: digest('sha256', content) } }),
      ]);
    });

    it.each<[string, Partial<Fed>]>([
      ['not modified', { status: 304, body: '' }],
      ['only asked about', { method: 'HEAD', body: '' }],
      ['refused', { status: 403 }],
      ['an error', { status: 500 }],
    ])('is not claimed where it was %s', async (_how, change) => {
      const headers = { ...good.headers, ...change.headers };
      expect(await recognise([{ ...good, ...change, headers }])).toEqual([]);
    });

    it.each<[string, Partial<Fed>]>([
      ['it was cut short', { complete: false }],
      [
        'only a part of it came',
        {
          ...{ status: 206, requestHeaders: { range: 'bytes=0-9' } },
          body: Buffer.from(content).subarray(0, 10),
          headers: { 'content-range': `bytes 0-9/${Buffer.from(content).length}` },
        },
      ],
    ])('is told without digests where %s, and a lockfile has one', async (_how, change) => {
      const headers = { ...good.headers, ...change.headers };
      const artifacts = await recognise([{ ...good, ...change, headers }]);
      const missed = is({ verdict: 'not-comparable', reason: 'in-parts', digests: {} });
      expect(artifacts).toMatchObject(verdict === 'locked' ? [missed] : []);
    });

    it('is whole where it was cut short, and came again', async () => {
      expect(await recognise([{ ...good, complete: false }, good])).toMatchObject([is({ verdict })]);
    });

    it('is one, however often it was fetched', async () => {
      const artifacts = await recognise([good, good, good]);
      expect(artifacts).toMatchObject([is({ verdict })]);
      const ids = [1, 2, 3].map((number) => `x${way.length + number}`);
      // Bodies that are opened are read at the same time, and end in any order.
      expect([...(artifacts[0]?.exchangeIds ?? [])].sort()).toEqual(ids);
    });

    it('with one other byte is a mismatch', async () => {
      expect(await recognise([{ ...good, body: tampered }])).toMatchObject([is({ verdict: 'mismatch' })]);
    });
  });
}
