import { createTrustDirectory, removeTrustDirectory, sweepTrustDirectories } from '../certificates/index.ts';
import type { Run } from '../model/run.ts';
import { stopAtOnce } from './drain.ts';
import { describeNotStarted } from './not-started.ts';
import type { ProxyOptions } from './options.ts';
import { openRecordedProxy, type RecordedProxy } from './recorded-proxy.ts';
import { startRecording, type Recording } from './recording.ts';
import { loadChosenCa, withTemporaryFiles } from './trust.ts';
import { loadUpstream } from './upstream.ts';

/** A proxy that records until it is stopped. */
export interface RunningProxy extends RecordedProxy {
  readonly journalFile: string | null;
  /** Our own diagnostics; null while there are none. */
  readonly logFile: () => string | null;
  /** Why recording failed, once it has; what was not recorded was not let through. */
  readonly failure: () => Error | undefined;
  /** What was recorded until now. */
  readonly run: () => Run;
  /** Closes what is open and ends the journal. Safe to call again. */
  readonly stop: () => Promise<Run>;
}

const COMMAND = ['proxaudit.start()'];

/** Starts a proxy without a command. */
export async function start(options: ProxyOptions): Promise<RunningProxy> {
  sweepTrustDirectories();
  const directory = withTemporaryFiles(() => createTrustDirectory('start'));
  try {
    const ca = loadChosenCa(options);
    const upstream = await loadUpstream(options);
    const recording = startRecording(options, upstream.proxies?.secrets);
    try {
      const parts = { recording, directory, ca, upstream, command: [], shown: COMMAND };
      return running(await openRecordedProxy(options, parts), recording, directory);
    } catch (error) {
      await recording.finish(describeNotStarted(error, recording));
      throw error;
    }
  } catch (error) {
    removeTrustDirectory(directory);
    throw error;
  }
}

function running(recorded: RecordedProxy, recording: Recording, directory: string): RunningProxy {
  let ending: Promise<Run> | undefined;
  const end = async (): Promise<Run> => {
    try {
      await stopAtOnce(recording, recorded.proxy);
    } catch (error) {
      recording.fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      removeTrustDirectory(directory);
    }
    return recording.finish({ kind: 'code', code: 0 });
  };
  return {
    ...recorded,
    journalFile: recording.journalFile,
    logFile: recording.logFile,
    failure: recording.failure,
    run: recording.snapshot,
    stop: () => (ending ??= end()),
  };
}
