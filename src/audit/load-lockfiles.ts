import { basename, relative, resolve } from 'node:path';
import type { LoadedLockfile } from '../artifacts/index.ts';
import { leadsOutside, readLockfiles } from '../lockfiles/index.ts';
import { shorten } from '../run/shorten-fact.ts';
import { AuditError } from '../support/errors.ts';
import { isLockfileName } from '../support/lockfile-names.ts';
import { GIVEN } from '../support/lockfile-readers.ts';
import { inPortions } from './in-portions.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

/** Of what the journal keeps of an entry: no registry has longer names, nor more files of one version. */
const LIMITS = { characters: 4_096, items: 2_000 };

export type LockfileRecording = Pick<Recording, 'record' | 'redactor'>;

/** Where and how the lockfiles of a run are read. */
export interface LockfileReading {
  readonly options: Pick<ProxyOptions, 'cwd' | 'env'>;
  readonly recording: LockfileRecording;
}

/** Reads and records the lockfiles that the options name. Each must be readable, and lock something. */
export async function loadGivenLockfiles(
  paths: readonly string[],
  reading: LockfileReading,
): Promise<LoadedLockfile[]> {
  const loaded: LoadedLockfile[] = [];
  for (const path of paths) {
    try {
      const files = await load({ path: resolve(reading.options.cwd, path), namedBy: GIVEN }, reading);
      if (files.length === 0) throw locksNothing(show(path, reading));
      loaded.push(...files);
    } catch (error) {
      throw error instanceof AuditError && error.code === 'bad-input' ? cannotStart(error) : error;
    }
  }
  return loaded;
}

/** A lockfile that was not given, but found. */
export interface FoundLockfile {
  /** Absolute. */
  readonly path: string;
  readonly place?: string;
  readonly namedBy?: string;
  /** Asked when a file has been read, it or one that it includes: whether that may count. */
  readonly mayCount?: (path: string) => boolean;
}

/** Reads and records it. None where it locks nothing, may not count, or cannot be read, which is told as a blind spot. */
export async function loadFoundLockfile(
  found: FoundLockfile,
  reading: LockfileReading,
): Promise<LoadedLockfile[]> {
  try {
    return await load(found, reading);
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'bad-input') throw error;
    // It was worth a look; that it locks something nobody said.
    const isClaimed = isLockfileName(basename(found.path)) || found.namedBy !== undefined;
    if (isClaimed && found.mayCount?.(found.path) !== false)
      tellUnread(show(found.path, reading), error.message, reading);
    return [];
  }
}

async function load(
  { path, place, namedBy, mayCount }: FoundLockfile,
  reading: LockfileReading,
): Promise<LoadedLockfile[]> {
  const { files, unread } = await readLockfiles(path, {
    show: (one) => show(one, reading),
    variables: reading.options.env,
  });
  if (mayCount?.(path) === false) return [];
  for (const { subject, reason } of unread)
    tellUnread(reading.recording.redactor.text(subject), reason, reading);
  const counting = files.filter((file) => file.path === path || mayCount?.(file.path) !== false);
  for (const file of counting.filter(({ isEmpty }) => isEmpty)) tellEmpty(file.path, reading);
  return counting
    .filter(({ isEmpty }) => !isEmpty)
    .map((file) => {
      const includedBy = file.path === path ? namedBy : (namedBy ?? show(path, reading));
      return recordLoaded(file, { place, namedBy: includedBy }, reading);
    });
}

function recordLoaded(
  { path, digest, ecosystem, entries }: Awaited<ReturnType<typeof readLockfiles>>['files'][number],
  { place, namedBy }: { place: string | undefined; namedBy: string | undefined },
  reading: LockfileReading,
): LoadedLockfile {
  const { record, redactor } = reading.recording;
  const where = {
    path: show(path, reading),
    ...(place === undefined ? {} : { place }),
    ...(namedBy === undefined ? {} : { namedBy }),
  };
  tellLink(path, reading);
  for (const portion of inPortions(entries)) {
    const kept = portion
      .map((entry) => shorten(entry, LIMITS))
      .map((entry) => (entry.url === undefined ? entry : { ...entry, url: redactor.url(entry.url) }));
    record({ type: 'lockfile-loaded', ...where, digest, ecosystem, entries: kept });
  }
  return { ...where, ecosystem, entries };
}

function tellUnread(
  subject: string,
  reason: string,
  { recording: { record, redactor } }: LockfileReading,
): void {
  const advice = `nothing was checked against it: ${redactor.text(reason)}`;
  record({ type: 'blind-spot', kind: 'lockfile-unread', subject, advice });
}

function tellEmpty(path: string, reading: LockfileReading): void {
  const subject = show(path, reading);
  reading.recording.record({ type: 'blind-spot', kind: 'lockfile-empty', subject, advice: '' });
}

/** That it is not where it seems to be. */
function tellLink(path: string, reading: LockfileReading): void {
  const target = leadsOutside(path);
  if (target === undefined) return;
  const { record, redactor } = reading.recording;
  const advice = `it was checked against ${redactor.text(target)}, which the link leads to`;
  record({ type: 'blind-spot', kind: 'lockfile-outside', subject: show(path, reading), advice });
}

/** Relative to the run's directory. */
function show(path: string, { options: { cwd }, recording: { redactor } }: LockfileReading): string {
  return redactor.text(relative(cwd, resolve(cwd, path)));
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
