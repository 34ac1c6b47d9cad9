import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ecosystemOfLockfile, isLockfileName } from '../support/lockfile-names.ts';
import { isWithin } from '../support/work-places.ts';
import { findCargoLock } from './roots/cargo.ts';
import { directoriesUp } from './roots/directories-up.ts';
import { findGoSums } from './roots/go.ts';
import { findGradleVerification } from './roots/gradle.ts';
import { findJavaScriptLocks } from './roots/javascript.ts';
import { findPythonLocks } from './roots/python.ts';
import type { Variables } from './types.ts';

export interface FoundLockfile {
  readonly path: string;
  /** The directory that it is the lockfile of. */
  readonly place: string;
}

export interface FoundLockfiles {
  readonly files: readonly FoundLockfile[];
  /** Lockfiles above that their tools do not look for from here; of ecosystems of which no other one was found. */
  readonly aside: readonly string[];
}

const MAX_FOUND = 200;
/** Where ecosystems keep them below a project's directory. */
const folders = ['', 'gradle'];
/** Names that tools look for, apart from those of pip, which looks for none. */
const wellKnown =
  'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock poetry.lock pdm.lock uv.lock Pipfile.lock Cargo.lock go.sum'.split(
    ' ',
  );

/** The lockfiles of a directory, and those above it that a tool which works there takes: each looks up in its own way. */
export async function findLockfiles(directory: string, variables: Variables): Promise<FoundLockfiles> {
  const own = listLockfiles(directory).map((name) => join(directory, name));
  const above = [
    ...findJavaScriptLocks(directory),
    ...(await findPythonLocks(directory)),
    ...(await findCargoLock(directory)),
    ...findGoSums(directory, variables),
    ...findGradleVerification(directory),
  ].filter(isThere);
  const paths = [...new Set([...own, ...above])].slice(0, MAX_FOUND);
  return { files: paths.map((path) => ({ path, place: placeOf(path) })), aside: findAside(directory, paths) };
}

/** Names, relative to the directory, of what may be a lockfile there, in order. */
export function listLockfiles(directory: string): string[] {
  return folders
    .flatMap((folder) =>
      listFiles(join(directory, folder))
        .filter(isLockfileName)
        .map((name) => join(folder, name)),
    )
    .sort();
}

function placeOf(path: string): string {
  const directory = dirname(path);
  return basename(directory) === 'gradle' ? dirname(directory) : directory;
}

/** Up to the root of the repository that the directory is in. */
function findAside(directory: string, taken: readonly string[]): string[] {
  const ecosystems = new Set(taken.map((path) => ecosystemOfLockfile(basename(path))));
  const up = directoriesUp(directory);
  const top = up.findIndex((place) => existsSync(join(place, '.git')));
  const above = up.slice(1, top < 0 ? undefined : top + 1);
  return wellKnown.flatMap((name) => {
    if (ecosystems.has(ecosystemOfLockfile(name))) return [];
    const place = above.find((one) => isThere(join(one, name)));
    return place === undefined ? [] : [join(place, name)];
  });
}

/** Files and links, also those that lead nowhere: a tool would look for what they name. */
function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && isThere(join(directory, entry.name))))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Anything but a directory, or a link to one. */
function isThere(path: string): boolean {
  try {
    if (!lstatSync(path).isSymbolicLink()) return !lstatSync(path).isDirectory();
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
  } catch (error) {
    // A link that leads in a circle is there, and cannot be read.
    return (error as NodeJS.ErrnoException).code === 'ELOOP';
  }
}

/** Where a link leads that leaves the repository or, of a lockfile that is in none, its directory; else undefined. */
export function leadsOutside(path: string): string | undefined {
  const directory = dirname(path);
  const top = directoriesUp(directory).find((place) => existsSync(join(place, '.git'))) ?? directory;
  try {
    const target = realpathSync(path);
    return isWithin('.', relative(realpathSync(top), target) || '.') ? undefined : target;
  } catch {
    // What leads nowhere is not read, and that is told.
    return undefined;
  }
}
