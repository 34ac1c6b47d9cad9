import { isAbsolute, join, relative } from 'node:path';
import type { LoadedLockfile } from '../artifacts/index.ts';
import { findLockfiles, readLockfile } from '../lockfiles/index.ts';
import { shorten } from '../run/shorten-fact.ts';
import { AuditError } from '../support/errors.ts';
import { inPortions } from './in-portions.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

/** Of what the journal keeps of an entry: no registry has longer names, nor more files of one version. */
const LIMITS = { characters: 4_096, items: 2_000 };

/**
 * Reads and records the lockfiles as they are before the command starts, which could change them. One that was named
 * must be readable; one that was only found and is not is told as a blind spot.
 */
export async function loadLockfiles(options: ProxyOptions, recording: Recording): Promise<LoadedLockfile[]> {
  const { lockfiles, cwd } = options;
  if (lockfiles === 'none') return [];
  const paths = lockfiles === 'find' ? findLockfiles(cwd) : lockfiles;
  const loaded: LoadedLockfile[] = [];
  for (const path of paths) {
    const file = await readOne(path, options, recording);
    if (file !== undefined) loaded.push(file);
  }
  return loaded;
}

async function readOne(
  path: string,
  { lockfiles, cwd }: ProxyOptions,
  { record, redactor }: Recording,
): Promise<LoadedLockfile | undefined> {
  const shown = redactor.text(isAbsolute(path) ? relative(cwd, path) : path);
  try {
    const lockfile = await readLockfile(isAbsolute(path) ? path : join(cwd, path), shown);
    if (lockfile === undefined) {
      if (lockfiles === 'find') return undefined;
      throw new AuditError('bad-input', `${shown} locks nothing`, {
        hint: 'Expected digests in it: requirements with --hash, or a Dockerfile whose images are pinned by @sha256.',
      });
    }
    const { digest, ecosystem } = lockfile;
    for (const entries of inPortions(lockfile.entries)) {
      const kept = entries
        .map((entry) => shorten(entry, LIMITS))
        .map((entry) => (entry.url === undefined ? entry : { ...entry, url: redactor.url(entry.url) }));
      record({ type: 'lockfile-loaded', path: shown, digest, ecosystem, entries: kept });
    }
    return { path: shown, ecosystem, entries: lockfile.entries };
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'bad-input') throw error;
    if (lockfiles !== 'find') throw cannotStart(error);
    const advice = `nothing was checked against it: ${redactor.text(error.message)}`;
    record({ type: 'blind-spot', kind: 'lockfile-unread', subject: shown, advice });
    return undefined;
  }
}

function cannotStart(cause: AuditError): AuditError {
  return new AuditError('cannot-start', cause.message, {
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    cause,
  });
}
