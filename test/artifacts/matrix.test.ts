import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import { loadLockfile } from '../../src/lockfiles/load.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { recogniseAll, type Fed } from './feed.ts';
import { digest, scenarios } from './scenarios.ts';

const directory = mkdtempSync(join(tmpdir(), 'proxaudit-matrix-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function lock(name: string, text: string): LoadedLockfile {
  const path = join(directory, name);
  writeFileSync(path, text);
  const loaded = loadLockfile(path);
  if (loaded === undefined) throw new Error(`${name} locks nothing`);
  return { path: name, ecosystem: loaded.ecosystem, entries: loaded.entries };
}

describe.each(scenarios)('a file of $ecosystem', (scenario) => {
  const { path, prefixes, purl, content, ecosystem } = scenario;
  const [lockName, lockText] = scenario.lockfile;
  const right = lock(lockName, lockText(content));
  const other = lock(lockName, scenario.otherLock);
  const url = `https://r.example${prefixes[0] ?? ''}${path}`;
  const file: Fed = { url, body: content };

  /** Everything that a file may be, but for what is said of it. */
  const is = (rest: Partial<Artifact>): object => ({ ecosystem, purl, ...rest });

  it.each(prefixes)('below "%s" has its name, and is checked against the lockfile', async (prefix) => {
    const mirrored = { ...file, url: `https://m.example${prefix}${path}` };
    expect(await recogniseAll([mirrored], [right])).toMatchObject([is({ verdict: 'locked' })]);
  });

  it('keeps both where a redirect leads to an opaque, signed URL', async () => {
    const signed = 'https://store.example/o/7f3a?X-Signature=abc&Expires=1';
    const way: Fed[] = [
      { url, status: 302, headers: { location: signed } },
      { url: signed, body: content },
    ];
    expect(await recogniseAll(way, [right])).toMatchObject([is({ verdict: 'locked' })]);
    expect(
      await recogniseAll([way[0] as Fed, { ...(way[1] as Fed), body: scenario.tampered }], [right]),
    ).toMatchObject([is({ verdict: 'mismatch' })]);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('is what %s holds', async (coding, encode) => {
    const encoded = { ...file, encoded: encode(content), headers: { 'content-encoding': coding } };
    expect(await recogniseAll([encoded], [right])).toMatchObject([
      is({ verdict: 'locked', digests: { sha256: digest('sha256', content) } }),
    ]);
  });

  it.each<[string, Partial<Fed>]>([
    ['ranged', { status: 206, headers: { 'content-range': 'bytes 0-99/4000' } }],
    ['aborted', { complete: false }],
    ['not modified', { status: 304, body: '' }],
    ['only asked about', { method: 'HEAD', body: '' }],
    ['refused', { status: 403 }],
    ['an error', { status: 500 }],
  ])('is not claimed where it was %s', async (_how, change) => {
    expect(await recogniseAll([{ ...file, ...change }], [right])).toEqual([]);
  });

  it('is one, however often it was fetched', async () => {
    const artifacts = await recogniseAll([file, file, file], [right]);
    expect(artifacts).toMatchObject([is({ verdict: 'locked' })]);
    // Bodies that are opened are read at the same time, and end in any order.
    expect([...(artifacts[0]?.exchangeIds ?? [])].sort()).toEqual(['x1', 'x2', 'x3']);
  });

  it('with one other byte is a mismatch, of the lockfile and of what was published', async () => {
    const bad = { ...file, body: scenario.tampered };
    expect(await recogniseAll([bad], [right])).toMatchObject([is({ verdict: 'mismatch' })]);
    expect(await recogniseAll([scenario.index(url, content), bad])).toMatchObject([
      is({ verdict: 'mismatch' }),
    ]);
    // What is published cannot make good what the lockfile says.
    expect(await recogniseAll([scenario.index(url, scenario.tampered), bad], [right])).toMatchObject([
      is({ verdict: 'mismatch' }),
    ]);
  });

  it('that the lockfile does not name is unlocked, also where it is published', async () => {
    expect(await recogniseAll([file], [other])).toMatchObject([is({ verdict: 'unlocked' })]);
    expect(await recogniseAll([scenario.index(url, content), file], [other])).toMatchObject([
      is({ verdict: 'unlocked' }),
    ]);
  });

  it('without a lockfile is published or unchecked', async () => {
    expect(await recogniseAll([scenario.index(url, content), file])).toMatchObject([
      is({ verdict: 'published' }),
    ]);
    expect(await recogniseAll([file])).toMatchObject([is({ verdict: 'unchecked' })]);
  });
});
