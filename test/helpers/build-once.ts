import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SOURCES = ['bin', 'src', 'reports', 'package.json', 'package-lock.json'];
/** What the build writes last. */
const STAMP = 'dist/THIRD-PARTY-NOTICES.txt';
const LOCK = 'node_modules/.cache/proxaudit-build.lock';
/** A build takes seconds: a lock that is older was left by one that was killed. */
const LOCK_LASTS_MS = 60_000;

/** Vitest's global set-up of every project that runs the built product: builds `dist/` where it is older than its sources. */
export async function setup(): Promise<void> {
  mkdirSync(join(LOCK, '..'), { recursive: true });
  while (!tryLock()) await sleep(100);
  try {
    if (isFresh()) return;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/build.js'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the product could not be built: ${stdout}${stderr}`);
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function tryLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    const status = statSync(LOCK, { throwIfNoEntry: false });
    if (status !== undefined && Date.now() - status.mtimeMs > LOCK_LASTS_MS)
      rmSync(LOCK, { recursive: true });
    return false;
  }
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
