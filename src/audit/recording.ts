import { createHash } from 'node:crypto';
import { arch, platform, release } from 'node:os';
import type { AfterWritten, Fact, RecordFact } from '../model/events.ts';
import type { Exit } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import { createFold, createRunDirectory, openJournal } from '../run/index.ts';
import { createRedactor, findSecrets, type Redactor } from '../redaction/index.ts';
import type { Log } from '../support/log.ts';
import { showRawBytes } from '../support/raw-bytes.ts';
import { recordedCheckout } from './recorded-checkout.ts';
import { judgeRun } from './judge-run.ts';
import type { AuditOptions, ProxyOptions, WaiverList } from './options.ts';
import { RecordingFailure } from './recording-failure.ts';
import { createRunLog } from './run-log.ts';
import { version } from './version.ts';

/** The journal of one run under way. */
export interface Recording {
  readonly runId: string;
  readonly redactor: Redactor;
  readonly record: RecordFact;
  readonly afterWritten: AfterWritten;
  /** The journal's file; null when it is none. */
  readonly journalFile: string | null;
  /** Where reports without a path go; null when there is no run directory. */
  readonly directory: string | null;
  /** Our own diagnostics. */
  readonly log: Log;
  /** Where they are; null while there are none. */
  readonly logFile: () => string | null;
  /** Why recording failed, once it has. */
  readonly failure: () => Error | undefined;
  /** Notes a failure that did not come from writing. */
  readonly fail: (error: Error) => void;
  /** What is recorded until now. */
  readonly snapshot: () => Run;
  /**
   * Writes `run-finished`, compares the journal with what was written to it, closes it and resolves with what was
   * recorded. A journal that was changed is the `failure`, where there was none before.
   */
  readonly finish: (exit: Exit) => Promise<Run>;
}

/** Opens the journal. `secrets` are hidden beside those of the environment. Throws `AuditError` when it cannot be written. */
export function startRecording(options: ProxyOptions, secrets: readonly string[] = []): Recording {
  const place = createRunDirectory({ environment: options.env, output: options.output });
  const fold = createFold();
  const redactor = createRedactor({ secrets: [...findSecrets(options.env), ...secrets] });
  const { log, ...logged } = createRunLog({ level: options.logLevel, directory: place.directory, redactor });
  const journal = orAbandon(place, () =>
    openJournal(place.target, {
      onRecorded: fold.add,
      onLine: options.onLine,
      onFailed: (error) => {
        failure.fail(error);
      },
    }),
  );
  const failure = new RecordingFailure({ journal, journalFile: place.journalFile, log });
  const record: RecordFact = (fact) => {
    log.trace(fact.type);
    journal.record(fact);
  };
  return {
    runId: place.runId,
    redactor,
    record,
    afterWritten: journal.afterWritten,
    journalFile: place.journalFile,
    directory: place.directory,
    log,
    logFile: logged.file,
    failure: () => failure.error,
    fail: failure.fail,
    snapshot: () => judgeRun(fold.finish(failure.integrity())),
    finish: async (exit) => {
      try {
        if (failure.error !== undefined) record(describeFailure(redactor.text(failure.error.message)));
        journal.flush();
        record({ type: 'run-finished', exit, ...fold.conclude(exit), head: '' });
        journal.flush();
        failure.finish();
      } catch {
        // `failure` has it.
      }
      const change = await journal.compare();
      const integrity = change === undefined ? failure.integrity() : failure.tampered(change);
      journal.close();
      logged.close();
      place.finish();
      return judgeRun(fold.finish(integrity));
    },
  };
}

/** What the journal says itself of a failure that did not come from writing it. */
function describeFailure(advice: string): Fact {
  return { type: 'blind-spot', kind: 'journal-failed', subject: 'the recording', advice };
}

/** A run whose journal cannot be opened is none. */
function orAbandon<T>(place: { readonly abandon: () => void }, open: () => T): T {
  try {
    return open();
  } catch (error) {
    place.abandon();
    throw error;
  }
}

/** Writes `run-started`: who, what, where, and under which options. */
export function recordStart(recording: Recording, options: ProxyOptions, shown: readonly string[]): void {
  recording.record({
    type: 'run-started',
    runId: recording.runId,
    tool: { name: 'proxaudit', version },
    command: recording.redactor.command(shown.map(showRawBytes)),
    cwd: recording.redactor.text(options.cwd),
    capture: 'env',
    ...(options.includeLocal ? { includesLocal: true } : {}),
    host: { platform: platform(), release: release(), arch: arch(), node: process.versions.node },
    configDigest: digestOptions(options),
    ...recordedCheckout(options.cwd, recording.redactor),
  });
}

/** Options that are about this machine, not about what is recorded. */
const UNDIGESTED: ReadonlySet<string> = new Set<keyof AuditOptions>([
  'bundleDirectory',
  'command',
  'cwd',
  'env',
  'host',
  'line',
  'logLevel',
  'onLine',
  'output',
  'ownsProcess',
  'port',
  'signals',
  'stderr',
  'stdin',
  'stdout',
]);

/** The same file is the same configuration, whatever it is compared with. */
function withoutBase({ path, waivers }: WaiverList): object {
  return {
    path,
    waivers: waivers.map(({ finding, subject, reason, expires }) => ({ finding, subject, reason, expires })),
  };
}

/** Of the options that shape what is recorded, as JSON with sorted keys. */
function digestOptions({ upstreamProxy, waivers, ...options }: ProxyOptions): string {
  // Without credentials: a digest of short ones could be searched for.
  const proxy = upstreamProxy?.replace(/^([a-z0-9]+:\/\/)?.*@/i, '$1') ?? null;
  const named = Object.entries(options).filter(([name]) => !UNDIGESTED.has(name));
  const facts = { ...Object.fromEntries(named), waivers: waivers.map(withoutBase), upstreamProxy: proxy };
  const sorted = JSON.stringify(facts, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}
