import type { LaterLockfiles, LoadedLockfile } from '../artifacts/index.ts';
import type { ExchangeObserver } from '../model/observer.ts';
import type { Recording } from './recording.ts';

export type LoadObserver = () => Promise<ExchangeObserver>;

/** Recognises the artifacts of a run. Loaded with the engine: a command without traffic does not pay for it. */
export function observeArtifacts(
  { record, recordTogether, redactor }: Pick<Recording, 'record' | 'recordTogether' | 'redactor'>,
  {
    directory,
    lockfiles,
    later,
    command,
  }: {
    directory: string;
    lockfiles: readonly LoadedLockfile[];
    later?: LaterLockfiles;
    command?: readonly string[];
  },
): LoadObserver {
  return async () => {
    const { ArtifactSession, BatchedObserver, recognisers } = await import('../artifacts/index.ts');
    const session = new ArtifactSession({
      record,
      redactUrl: (url) => redactor.url(url),
      lockfiles,
      laterLockfiles: later,
      command,
      directory,
      recognisers,
    });
    return new BatchedObserver(session, recordTogether);
  };
}
