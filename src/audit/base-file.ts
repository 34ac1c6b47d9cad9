import { resolve } from 'node:path';
import { findBaseCommit, type BaseCommit } from './base-commit.ts';
import { inRepository } from './git-commit.ts';
import { GitObjects } from './git-objects.ts';
import { findRepository } from './git-repository.ts';
import type { Variables } from './options.ts';

/** A file as the base commit has it: its text, null where it has none, or why that cannot be told. */
export type BaseFile =
  | (Extract<BaseCommit, { commit: string }> & { readonly text: string | null })
  | Extract<BaseCommit, { problem: string }>;

/**
 * Reads what a file was in the commit that changes are reviewed against. Reads git's own files and starts no git.
 * Undefined for a file that is in no repository.
 */
export function readBaseFile(file: string, cwd: string, env: Variables): BaseFile | undefined {
  const repository = findRepository(cwd);
  if (repository === undefined) return undefined;
  const path = inRepository(repository.root, resolve(cwd, file)).split('/');
  if (path.includes('..')) return undefined;
  const objects = new GitObjects(repository.common);
  const base = findBaseCommit({ repository, objects, env });
  if ('problem' in base) return base;
  const found = findBlob(objects, base.commit, path);
  return typeof found === 'object' ? { ...base, ...found } : { named: base.named, problem: found };
}

const MISSING = 'an object of the base commit is not in this clone, or cannot be read';
const TREE = '40000';

/** A string says why it cannot be told. */
function findBlob(
  objects: GitObjects,
  commit: string,
  path: readonly string[],
): { text: string | null } | string {
  let entry: Entry | undefined = { mode: TREE, id: treeOf(objects, commit) };
  for (const name of path) {
    if (entry.mode !== TREE) return { text: null };
    const tree = objects.read(entry.id);
    if (tree?.type !== 'tree') return MISSING;
    entry = findEntry(tree.content, name, commit.length / 2);
    if (entry === undefined) return { text: null };
  }
  if (!entry.mode.startsWith('100')) return 'it is no regular file in the base commit';
  const blob = objects.read(entry.id);
  return blob?.type === 'blob' ? { text: blob.content.toString('utf8') } : MISSING;
}

function treeOf(objects: GitObjects, commit: string): string {
  const text = objects.read(commit)?.content.toString('utf8') ?? '';
  return /^tree ([0-9a-f]+)\n/.exec(text)?.[1] ?? '';
}

interface Entry {
  readonly mode: string;
  readonly id: string;
}

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects: mode, blank, name, zero byte, id. */
function findEntry(tree: Buffer, name: string, idBytes: number): Entry | undefined {
  for (let at = 0; at < tree.length;) {
    const blank = tree.indexOf(0x20, at);
    const zero = tree.indexOf(0, blank);
    if (blank === -1 || zero === -1) return undefined;
    const end = zero + 1 + idBytes;
    if (tree.toString('utf8', blank + 1, zero) === name) {
      return { mode: tree.toString('latin1', at, blank), id: tree.toString('hex', zero + 1, end) };
    }
    at = end;
  }
  return undefined;
}
