import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isLockfileName } from '../support/lockfile-names.ts';
import { findModuleSums } from './go-workspace.ts';

const MAX_FOUND = 50;
const MAX_STEPS = 32;
/** Where ecosystems keep them below a project's directory. */
const folders = ['', 'gradle'];

/** Paths, relative to the directory, of what may be a lockfile there or of a module of its workspace, in order. */
export function findLockfiles(directory: string): string[] {
  const own = folders.flatMap((folder) =>
    listFiles(join(directory, folder))
      .filter(isLockfileName)
      .map((name) => join(folder, name)),
  );
  return [...new Set([...own, ...findModuleSums(directory)])].sort().slice(0, MAX_FOUND);
}

/**
 * The lockfiles of a directory; where it has none, of the nearest one above it that has some, as tools look for them.
 * Not above `top`, nor above the repository that the directory is in; a directory in neither stands for itself.
 */
export function findNearestLockfiles(
  directory: string,
  top?: string,
): { readonly directory: string; readonly names: readonly string[] } {
  for (const place of placesUpTo(directory, top)) {
    const names = findLockfiles(place);
    if (names.length > 0) return { directory: place, names };
  }
  return { directory, names: [] };
}

function placesUpTo(directory: string, top: string | undefined): string[] {
  const places: string[] = [];
  for (let place = directory; places.length < MAX_STEPS; place = dirname(place)) {
    places.push(place);
    if (place === top || existsSync(join(place, '.git'))) return places;
    if (place === dirname(place)) break;
  }
  return [directory];
}

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
