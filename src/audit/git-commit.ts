import { statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { tryReadBounded } from '../support/read-bounded.ts';
import { findRemote } from './git-config.ts';

export interface GitCheckout {
  readonly commit: string;
  readonly ref?: string;
  /** The URL or path that the repository's own configuration names, as it stands there. */
  readonly remote?: string;
  /** The folder below the root of the working tree, with slashes; empty for the root. */
  readonly prefix: string;
  /** A file of the repository, from its root, that stands for it where a report must name one. */
  readonly anchor?: string;
}

/** What says what is built, then what is there for readers. */
const ANCHORS = [
  'package.json',
  'pyproject.toml',
  'Cargo.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Gemfile',
  'composer.json',
  'Makefile',
  'Dockerfile',
  'README.md',
];

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * The commit that is checked out where the command runs; undefined outside of a repository and before a first commit.
 * Reads a few small files and starts no git, which would run what a hostile repository configures.
 */
export function findGitCheckout(cwd: string): GitCheckout | undefined {
  try {
    return readCheckout(cwd);
  } catch {
    // A repository that is damaged or unreadable is no reason to fail a run.
    return undefined;
  }
}

function readCheckout(cwd: string): GitCheckout | undefined {
  const place = findGitDirectory(cwd);
  const head = place && readSmallFile(join(place.directory, 'HEAD'))?.trim();
  if (place === undefined || head === undefined) return undefined;
  const common = commonDirectory(place.directory);
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  const commit = COMMIT.test(head) ? head : readRef(ref, [place.directory, common]);
  if (commit === undefined) return undefined;
  const remote = findRemote(readSmallFile(join(common, 'config')) ?? '', ref);
  return {
    commit,
    ...(ref === undefined ? {} : { ref }),
    ...(remote === undefined ? {} : { remote }),
    prefix: inRepository(place.root, cwd),
    ...findAnchor(place.root, cwd),
  };
}

function findAnchor(root: string, cwd: string): { anchor?: string } {
  const files = [...ANCHORS.map((name) => join(cwd, name)), join(root, 'README.md')];
  const found = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  return found === undefined ? {} : { anchor: inRepository(root, found) };
}

function inRepository(root: string, path: string): string {
  return relative(root, resolve(path)).split(sep).join('/');
}

function findGitDirectory(cwd: string): { root: string; directory: string } | undefined {
  for (let root = resolve(cwd); ; root = dirname(root)) {
    const candidate = join(root, '.git');
    if (readSmallFile(join(candidate, 'HEAD')) !== undefined) return { root, directory: candidate };
    const file = readSmallFile(candidate);
    if (file !== undefined) {
      // A worktree or submodule: a file that names the directory.
      const named = /^gitdir: (.+)$/m.exec(file)?.[1];
      return named === undefined ? undefined : { root, directory: resolve(root, named) };
    }
    if (dirname(root) === root) return undefined;
  }
}

function readRef(ref: string | undefined, directories: readonly string[]): string | undefined {
  if (ref === undefined || ref.includes('..')) return undefined;
  for (const directory of directories) {
    const commit = readSmallFile(join(directory, ref))?.trim();
    if (commit !== undefined && COMMIT.test(commit)) return commit;
  }
  const packed = readSmallFile(join(directories.at(-1) ?? '', 'packed-refs')) ?? '';
  const end = packed.indexOf(` ${ref}\n`);
  const commit = end === -1 ? '' : packed.slice(packed.lastIndexOf('\n', end) + 1, end);
  return COMMIT.test(commit) ? commit : undefined;
}

/** Where the refs and the configuration of a worktree live. */
function commonDirectory(directory: string): string {
  const named = readSmallFile(join(directory, 'commondir'))?.trim();
  return named === undefined ? directory : resolve(directory, named);
}

/** The refs of the largest repositories take less. */
const SMALL_FILE = { maxBytes: 4_000_000 };

function readSmallFile(path: string): string | undefined {
  return tryReadBounded(path, SMALL_FILE)?.toString('utf8');
}
