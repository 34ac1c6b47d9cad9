import { chmodSync, lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseProcessStat } from '../support/procfs.ts';

/** `proxaudit-UID-NAMESPACE-PID-STARTED-RUN-random`; see `ownerTag`. */
const pattern = /^proxaudit-(\d+)-(\d+)-(\d+)-(\d+)-/;
/** Longer than any certificate in it is valid: whatever made the directory can no longer use it. */
const uselessAfter = 8 * 86_400_000;

/**
 * A fresh directory for the public trust files of one run. Nobody else can enter it; only root's can be read by all,
 * because root's apt runs its download methods as user `_apt`, and what is in it is public.
 */
export function createTrustDirectory(runId: string): string {
  const label = runId.replace(/[^A-Za-z0-9]/g, '').slice(0, 32);
  const directory = mkdtempSync(join(tmpdir(), `proxaudit-${userId()}-${ownerTag()}-${label}-`));
  if (isRoot()) chmodSync(directory, 0o755);
  return directory;
}

/** Safe to call twice, and on a directory that is half gone. */
export function removeTrustDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 2 });
}

/**
 * Removes what crashed runs of this user left behind. Never a live run's: a name carries the process and when it
 * started, and a process of another pid namespace, which we cannot see, is only presumed dead after eight days.
 */
export function sweepTrustDirectories(): void {
  const mine = `proxaudit-${userId()}-`;
  let names: string[];
  try {
    names = readdirSync(tmpdir()).filter((name) => name.startsWith(mine) && pattern.test(name));
  } catch {
    return;
  }
  for (const name of names) sweep(join(tmpdir(), name), name);
}

/** Mode of the files inside. */
export function trustFileMode(): number {
  return isRoot() ? 0o644 : 0o600;
}

function sweep(path: string, name: string): void {
  try {
    const status = lstatSync(path);
    if (!status.isDirectory() || status.uid !== userId()) return;
    const [, , namespace, pid, started] = pattern.exec(name) ?? [];
    const dead = namespace === pidNamespace() ? isGone(Number(pid), started) : isOld(status.mtimeMs);
    if (dead) removeTrustDirectory(path);
  } catch {
    // Another run sweeps at the same time, or it vanished: both are fine.
  }
}

function isOld(modifiedAt: number): boolean {
  return Date.now() - modifiedAt > uselessAfter;
}

function isRoot(): boolean {
  return userId() === 0;
}

function userId(): number {
  return process.getuid?.() ?? 0;
}

/** Which process owns a directory: its pid namespace, its pid in there, and when it started. */
function ownerTag(): string {
  return `${pidNamespace()}-${process.pid}-${startOf(process.pid) ?? '0'}`;
}

/** The inode of the pid namespace, or 0 where there is none. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** True when no process has this pid, or another one has it by now. */
function isGone(pid: number, started: string | undefined): boolean {
  const start = startOf(pid);
  return start === undefined ? !isAlive(pid) : start !== started;
}

/** When a process started, in clock ticks after boot; undefined where that is not known. */
function startOf(pid: number): string | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.startTime.toString();
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
