import { basename, isAbsolute, join, relative } from 'node:path';
import type { LoadedLockfile } from '../artifacts/index.ts';
import { readLockfile } from '../lockfiles/index.ts';
import { shorten } from '../run/shorten-fact.ts';
import { AuditError } from '../support/errors.ts';
import { isLockfileName } from '../support/lockfile-names.ts';
import { inPortions } from './in-portions.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

/** Of what the journal keeps of an entry: no registry has longer names, nor more files of one version. */
const LIMITS = { characters: 4_096, items: 2_000 };

export type LockfileRecording = Pick<Recording, 'record' | 'redactor'>;

/** Reads and records the lockfiles that the options name. Each must be readable. */
export async function loadNamedLockfiles(
  paths: readonly string[],
  { cwd }: Pick<ProxyOptions, 'cwd'>,
  recording: LockfileRecording,
): Promise<LoadedLockfile[]> {
  const loaded: LoadedLockfile[] = [];
  for (const path of paths) {
    const shown = recording.redactor.text(isAbsolute(path) ? relative(cwd, path) : path);
    try {
      const file = await load({ path: isAbsolute(path) ? path : join(cwd, path), shown }, recording);
      if (file !== undefined) loaded.push(file);
      else throw locksNothing(shown);
    } catch (error) {
      throw error instanceof AuditError && error.code === 'bad-input' ? cannotStart(error) : error;
    }
  }
  return loaded;
}

/** A lockfile that was not named, but found. */
export interface FoundLockfile {
  readonly path: string;
  readonly shown: string;
  readonly place?: string;
  /** Asked when it has been read: whether it may count. */
  readonly isTrusted?: () => boolean;
}

/** Reads and records it. Undefined where it locks nothing, may not count, or cannot be read, which is told as a blind spot. */
export async function loadFoundLockfile(
  found: FoundLockfile,
  recording: LockfileRecording,
): Promise<LoadedLockfile | undefined> {
  try {
    return await load(found, recording);
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'bad-input') throw error;
    // It was worth a look; that it locks something nobody said.
    if (!isLockfileName(basename(found.path)) || found.isTrusted?.() === false) return undefined;
    const { record, redactor } = recording;
    const advice = `nothing was checked against it: ${redactor.text(error.message)}`;
    record({ type: 'blind-spot', kind: 'lockfile-unread', subject: found.shown, advice });
    return undefined;
  }
}

async function load(
  { path, shown, place, isTrusted }: FoundLockfile,
  { record, redactor }: LockfileRecording,
): Promise<LoadedLockfile | undefined> {
  const lockfile = await readLockfile(path, shown);
  if (lockfile === undefined || isTrusted?.() === false) return undefined;
  const { digest, ecosystem, entries } = lockfile;
  const where = place === undefined ? {} : { place };
  for (const portion of inPortions(entries)) {
    const kept = portion
      .map((entry) => shorten(entry, LIMITS))
      .map((entry) => (entry.url === undefined ? entry : { ...entry, url: redactor.url(entry.url) }));
    record({ type: 'lockfile-loaded', path: shown, ...where, digest, ecosystem, entries: kept });
  }
  return { path: shown, ...where, ecosystem, entries };
}

function locksNothing(shown: string): AuditError {
  return new AuditError('bad-input', `${shown} locks nothing`, {
    hint: 'Expected digests in it: requirements with --hash, or a Dockerfile whose images are pinned by @sha256.',
  });
}

function cannotStart(cause: AuditError): AuditError {
  return new AuditError('cannot-start', cause.message, {
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    cause,
  });
}
