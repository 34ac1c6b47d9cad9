import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Looks where Node would: below the package, then below each folder above it. */
function isLocked(name: string, below: string): boolean {
  const path = below === '' ? `node_modules/${name}` : `${below}/node_modules/${name}`;
  if (path in packages) return true;
  return below !== '' && isLocked(name, below.slice(0, Math.max(0, below.lastIndexOf('/node_modules/'))));
}

it('locks every optional package too: npm ci refuses a lockfile that was made where some could not be had', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(name, path))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

it('names no registry, so that each machine asks its own', () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
