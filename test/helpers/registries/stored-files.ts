import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sha256 } from '../origin/random.ts';
import type { StoredFile } from './scenario.ts';

export interface StoredQuery {
  /** Only files whose path below the root matches. */
  readonly only?: RegExp;
  readonly asFetched: boolean;
  /** The name from the path below the root; default is the path. */
  readonly rename?: (path: string) => string;
}

/** All regular files below `root` (none if it does not exist), with their digests, sorted by name. */
export function storedBelow(root: string, query: StoredQuery): StoredFile[] {
  if (!existsSync(root)) return [];
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => query.only?.test(path) ?? true)
    .map((path) => describe(root, path, query))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(root: string, path: string, { asFetched, rename }: StoredQuery): StoredFile {
  const content = readFileSync(join(root, path));
  return { name: rename?.(path) ?? path, sha256: sha256(content), size: content.length, asFetched };
}
