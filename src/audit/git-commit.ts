import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface GitCommit {
  readonly commit: string;
  readonly ref?: string;
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The commit that is checked out where the command runs; undefined outside of a repository and before a first commit. */
export function findGitCommit(cwd: string): GitCommit | undefined {
  try {
    const directory = findGitDirectory(cwd);
    return directory === undefined ? undefined : readHead(directory);
  } catch {
    // A repository that is damaged or unreadable is no reason to fail a run.
    return undefined;
  }
}

function findGitDirectory(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, '.git');
    const status = statSync(candidate, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) return candidate;
    if (status?.isFile() === true) {
      // A worktree or submodule: a file that names the directory.
      const named = /^gitdir: (.+)$/m.exec(readFileSync(candidate, 'utf8'))?.[1];
      return named === undefined ? undefined : resolve(folder, named);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function readHead(directory: string): GitCommit | undefined {
  const head = readFileSync(join(directory, 'HEAD'), 'utf8').trim();
  if (COMMIT.test(head)) return { commit: head };
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (ref === undefined || ref.includes('..')) return undefined;
  const commit = readLooseRef(directory, ref) ?? readPackedRef(directory, ref);
  return commit === undefined ? undefined : { commit, ref };
}

function readLooseRef(directory: string, ref: string): string | undefined {
  for (const base of [directory, commonDirectory(directory)]) {
    const commit = readIfThere(join(base, ref))?.trim();
    if (commit !== undefined && COMMIT.test(commit)) return commit;
  }
  return undefined;
}

function readPackedRef(directory: string, ref: string): string | undefined {
  const packed = readIfThere(join(commonDirectory(directory), 'packed-refs')) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${ref}`));
  const commit = line?.split(' ')[0];
  return commit !== undefined && COMMIT.test(commit) ? commit : undefined;
}

/** Where the refs of a worktree live. */
function commonDirectory(directory: string): string {
  const named = readIfThere(join(directory, 'commondir'))?.trim();
  return named === undefined ? directory : resolve(directory, named);
}

function readIfThere(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? undefined : readFileSync(file, 'utf8');
}
