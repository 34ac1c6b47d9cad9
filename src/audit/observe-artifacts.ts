import { join } from 'node:path';
import type { LaterLockfiles, LoadedLockfile } from '../artifacts/index.ts';
import type { ExchangeObserver } from '../model/observer.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

export type LoadObserver = () => Promise<ExchangeObserver>;

export interface ObservedRun extends Pick<ProxyOptions, 'bundleDirectory' | 'drainMs'> {
  /** Private to us; bodies that must be opened are put there for as long as that takes. */
  readonly directory: string;
  readonly lockfiles: readonly LoadedLockfile[];
  readonly later?: LaterLockfiles;
  /** That of the run. */
  readonly command?: readonly string[];
}

/** Recognises the artifacts of a run. Loaded with the engine: a command without traffic does not pay for it. */
export function observeArtifacts(
  { record, redactor }: Pick<Recording, 'record' | 'redactor'>,
  { directory, bundleDirectory, drainMs: patienceMs, lockfiles, later, command }: ObservedRun,
): LoadObserver {
  return async () => {
    const { ArtifactSession, createThreadStart, Examiner, recognisers } =
      await import('../artifacts/index.ts');
    return new ArtifactSession({
      record,
      redactUrl: (url) => redactor.url(url),
      lockfiles,
      laterLockfiles: later,
      command,
      directory,
      recognisers,
      examiner: new Examiner(createThreadStart(join(bundleDirectory, 'examine.cjs'))),
      patienceMs,
    });
  };
}
