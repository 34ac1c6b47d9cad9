import { dirname, join, resolve } from 'node:path';
import { tryReadBounded } from '../support/read-bounded.ts';

/** Where git keeps what it knows of a working tree. */
export interface GitRepository {
  /** Of the working tree. */
  readonly root: string;
  /** Its own: `HEAD` is here. */
  readonly directory: string;
  /** What worktrees share: refs, objects, configuration. */
  readonly common: string;
}

/** The repository whose working tree a directory is in; undefined outside of one. Starts no git. */
export function findRepository(cwd: string): GitRepository | undefined {
  for (let root = resolve(cwd); ; root = dirname(root)) {
    const candidate = join(root, '.git');
    if (readSmallFile(join(candidate, 'HEAD')) !== undefined) return repositoryAt(root, candidate);
    const file = readSmallFile(candidate);
    if (file !== undefined) {
      // A worktree or submodule: a file that names the directory.
      const named = /^gitdir: (.+)$/m.exec(file)?.[1];
      return named === undefined ? undefined : repositoryAt(root, resolve(root, named));
    }
    if (dirname(root) === root) return undefined;
  }
}

function repositoryAt(root: string, directory: string): GitRepository {
  const named = readSmallFile(join(directory, 'commondir'))?.trim();
  return { root, directory, common: named === undefined ? directory : resolve(directory, named) };
}

/** The commit that a ref (`refs/…`) names, loose or packed. */
export function readRef(
  ref: string | undefined,
  { directory, common }: Pick<GitRepository, 'directory' | 'common'>,
): string | undefined {
  if (ref === undefined || ref.includes('..')) return undefined;
  for (const place of [directory, common]) {
    const commit = readSmallFile(join(place, ref))?.trim();
    if (commit !== undefined && isCommitId(commit)) return commit;
  }
  const packed = readSmallFile(join(common, 'packed-refs')) ?? '';
  const end = packed.indexOf(` ${ref}\n`);
  const commit = end === -1 ? '' : packed.slice(packed.lastIndexOf('\n', end) + 1, end);
  return isCommitId(commit) ? commit : undefined;
}

export function isCommitId(text: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text);
}

/** The refs of the largest repositories take less. */
const SMALL_FILE = { maxBytes: 4_000_000 };

export function readSmallFile(path: string): string | undefined {
  return tryReadBounded(path, SMALL_FILE)?.toString('utf8');
}
