import { createHash } from 'node:crypto';
import type { LoadedLockfile } from '../../../src/artifacts/expectations.ts';
import type { Artifact, LockedEntry } from '../../../src/model/artifact.ts';
import { recogniseAll, type Fed } from '../feed.ts';

/** One trick of a mirror: what it answers, what a client takes of that, and what we must say. */
export interface Case {
  readonly trick: string;
  readonly takes: string;
  readonly answers: readonly Fed[];
  readonly locks: readonly LoadedLockfile[];
  /** Of the package that the client takes: never `locked` where that is not what it stores. */
  readonly says: readonly Partial<Artifact>[];
}

export const base = 'https://mirror.example';
export const good = Buffer.concat([Buffer.from('1f8b08', 'hex'), Buffer.from('the locked bytes')]);
export const evil = Buffer.concat([Buffer.from('1f8b08', 'hex'), Buffer.from('other bytes')]);

export const hex = (of: Buffer, algorithm = 'sha256'): string =>
  createHash(algorithm).update(of).digest('hex');

/** Locks bytes, or the digest that is given, under a name and version. */
export function lock(
  ecosystem: string,
  entries: Readonly<Record<string, Buffer | LockedEntry['expected'][number]>>,
): LoadedLockfile {
  return {
    path: 'lock',
    ecosystem,
    entries: Object.entries(entries).map(([named, of], index) => {
      const at = named.lastIndexOf('@');
      const expected = Buffer.isBuffer(of) ? { algorithm: 'sha256' as const, value: hex(of) } : of;
      return {
        name: named.slice(0, at),
        version: named.slice(at + 1),
        line: index + 1,
        expected: [expected],
      };
    }),
  };
}

export const redirect = (url: string, location: string): Fed => ({ url, status: 302, headers: { location } });
export const jsonType = { 'content-type': 'application/json' };

/** An answer to npm, of a package whose versions have these tarballs. */
export function packument(name: string, tarballs: Readonly<Record<string, string>>, of = name): Fed {
  const versions = Object.entries(tarballs).map(([version, tarball]) => [version, { dist: { tarball } }]);
  return {
    url: `${base}/${name}`,
    headers: jsonType,
    body: JSON.stringify({ name: of, versions: Object.fromEntries(versions) }),
  };
}

export const page = (project: string, ...links: string[]): Fed => ({
  url: `${base}/simple/${project}/`,
  headers: { 'content-type': 'text/html' },
  body: links.map((href) => `<a href="${href}">x</a>`).join('\n'),
});

export const judge = ({ answers, locks }: Case): Promise<Artifact[]> => recogniseAll(answers, locks);
