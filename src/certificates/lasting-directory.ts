import { X509Certificate } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditError } from '../support/errors.ts';
import { makeDirectory } from '../support/make-directory.ts';
import { readBounded } from '../support/read-bounded.ts';
import { MAX_PEM_BYTES } from './pem.ts';
import { removeTrustDirectory } from './trust-directory.ts';

/**
 * The directory of trust files that no process owns: that of `proxaudit env`, whose variables live in shells. The same
 * `key` gives the same one. As `createTrustDirectory`, only root's can be read by all.
 * @param directory another place than the temporary directory
 * @throws AuditError `bad-input` when it is not ours alone.
 */
export function openLastingDirectory(key: string, directory = join(tmpdir(), `${prefix()}${key}`)): string {
  const mode = process.getuid?.() === 0 ? 0o755 : 0o700;
  makeDirectory(directory, mode);
  const status = lstatSync(directory);
  const isOurs = status.isDirectory() && status.uid === (process.getuid?.() ?? status.uid);
  if (!isOurs || (status.mode & 0o022) !== 0) {
    throw new AuditError('bad-input', `${directory} is no directory that only you can write to`, {
      hint: 'Name another one with --dir DIR.',
    });
  }
  // Subject to the umask when it was made.
  chmodSync(directory, mode);
  return directory;
}

/** Removes those whose CA has expired: nothing can use them any more. */
export function sweepLastingDirectories(): void {
  for (const name of listNames()) {
    const directory = join(tmpdir(), name);
    if (lstatSync(directory, { throwIfNoEntry: false })?.uid === process.getuid?.() && isExpired(directory)) {
      removeTrustDirectory(directory);
    }
  }
}

function listNames(): string[] {
  try {
    return readdirSync(tmpdir()).filter((name) => name.startsWith(prefix()));
  } catch {
    return [];
  }
}

function isExpired(directory: string): boolean {
  try {
    const { validTo } = new X509Certificate(
      readBounded(join(directory, 'ca.pem'), { maxBytes: MAX_PEM_BYTES }),
    );
    return Date.parse(validTo) < Date.now();
  } catch {
    // Half written, or none of ours.
    return false;
  }
}

function prefix(): string {
  return `proxaudit-env-${process.getuid?.() ?? 0}-`;
}
