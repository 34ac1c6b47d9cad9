import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tryReadBounded } from '../../support/read-bounded.ts';

const MAX_STEPS = 32;
const MAX_MANIFEST = 1_000_000;

/** A directory and those above it, nearest first. */
export function directoriesUp(directory: string): string[] {
  const all = [directory];
  for (let place = dirname(directory); place !== all.at(-1) && all.length < MAX_STEPS; place = dirname(place))
    all.push(place);
  return all;
}

/** The nearest of these directories that has something by one of these names. */
export function nearestWith(directories: readonly string[], ...names: readonly string[]): string | undefined {
  return directories.find((directory) => names.some((name) => existsSync(join(directory, name))));
}

/** Undefined where there is none, or it is larger than any that somebody wrote. */
export function readManifest(directory: string, name: string): string | undefined {
  return tryReadBounded(join(directory, name), { maxBytes: MAX_MANIFEST })?.toString();
}
