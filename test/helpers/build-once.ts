import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.ts';

const SOURCES = ['bin', 'src', 'reports', 'package.json', 'package-lock.json'];
/** What the build writes last. */
const STAMP = 'dist/THIRD-PARTY-NOTICES.txt';
const LOCK = 'node_modules/.cache/proxaudit-build.lock';

/** Vitest's global set-up of every project that runs the built product: builds `dist/` where it is older than its sources. */
export function setup(): Promise<void> {
  return withLock(LOCK, () => {
    if (isFresh()) return;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/build.mjs'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the product could not be built: ${stdout}${stderr}`);
  });
}

function isFresh(): boolean {
  const built = statSync(STAMP, { throwIfNoEntry: false });
  return built !== undefined && Math.max(...SOURCES.map(lastChange)) < built.mtimeMs;
}

/** Of a file, or of anything below a directory; a directory changes when something is removed from it. */
function lastChange(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  const below = readdirSync(path).map((name) => lastChange(join(path, name)));
  return Math.max(status.mtimeMs, ...below);
}
