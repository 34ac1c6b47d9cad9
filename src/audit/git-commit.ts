import { statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { findRemote } from './git-config.ts';
import { findRepository, isCommitId, readRef, readSmallFile } from './git-repository.ts';

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
  const repository = findRepository(cwd);
  const head = repository && readSmallFile(join(repository.directory, 'HEAD'))?.trim();
  if (repository === undefined || head === undefined) return undefined;
  const { root, common } = repository;
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  const commit = isCommitId(head) ? head : readRef(ref, repository);
  if (commit === undefined) return undefined;
  const remote = findRemote(readSmallFile(join(common, 'config')) ?? '', ref);
  return {
    commit,
    ...(ref === undefined ? {} : { ref }),
    ...(remote === undefined ? {} : { remote }),
    prefix: inRepository(root, cwd),
    ...findAnchor(root, cwd),
  };
}

function findAnchor(root: string, cwd: string): { anchor?: string } {
  const files = [...ANCHORS.map((name) => join(cwd, name)), join(root, 'README.md')];
  const found = files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  return found === undefined ? {} : { anchor: inRepository(root, found) };
}

/** A path from the root of the repository, with slashes. */
export function inRepository(root: string, path: string): string {
  return relative(root, resolve(path)).split(sep).join('/');
}
