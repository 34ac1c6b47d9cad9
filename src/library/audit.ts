import type { Event } from '../model/events.ts';
import type { Exit } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { bundleDirectory } from './bundle-directory.ts';
import { EventLog } from './event-log.ts';
import { createFeed } from './feed.ts';
import type { AuditOptions } from './options.ts';

export interface AuditResult {
  /** How the command ended; `not-started` when it was not found or not executable. */
  readonly exit: Exit;
  /** What it did on the network, as `renderReport` takes it. */
  readonly run: Run;
  /** Null when the journal is no file. */
  readonly journalFile: string | null;
  /** What proxaudit told about its own work (`logLevel`); null when there is nothing. */
  readonly logFile: string | null;
  /** Why recording failed, or null. What was not recorded was not let through. */
  readonly failure: Error | null;
  /** What the command wrote, where that option was `pipe`: the first 64 MiB; else null. */
  readonly stdout: Uint8Array | null;
  readonly stderr: Uint8Array | null;
  /** Whether it wrote more than that. */
  readonly isOutputTruncated: boolean;
}

/** A command under audit. */
export interface Audit extends Promise<AuditResult> {
  /**
   * The events as they are recorded: from the first one, when this property is first read in the turn that called
   * `audit`. At most 10,000 of them (or 32 Mi characters) wait for a reader; one that falls further behind gets
   * `AuditError` code `events-lost`, and the journal has them all.
   */
  readonly events: AsyncIterable<Event>;
}

/**
 * Runs a command and records what it does on the network, as `proxaudit -- COMMAND` does. Several may run at once. Nothing
 * of this process is changed: no handler of signals, exceptions or the exit is installed, and its variables and streams
 * stay as they are. When the process dies, the journal has all that went out; temporary files are swept by the next run.
 * @param command a program and its arguments, which no shell sees; or one line for `sh -c`.
 * @throws {AuditError} (as a rejection) `bad-usage`, `bad-certificate`, `cannot-start` or `journal-failed`: nothing was run.
 */
export function audit(command: readonly string[] | string, options: AuditOptions = {}): Audit {
  let log: EventLog | undefined;
  let isOver = false;
  const feed = createFeed(options.onEvent);
  const running = runAudit(command, options, (line) => {
    log?.add(line);
    feed(line);
  }).finally(() => {
    isOver = true;
    log?.end();
  });
  const openLog = (): EventLog => {
    log ??= new EventLog();
    if (isOver) log.end();
    return log;
  };
  return Object.defineProperty(running, 'events', { get: openLog }) as Audit;
}

async function runAudit(
  command: readonly string[] | string,
  options: AuditOptions,
  onLine: (line: string) => void,
): Promise<AuditResult> {
  const { checkAuditOptions, toProxyOptions } = await import('./check-options.ts');
  checkAuditOptions(options);
  const { argv, line } = parseCommand(command);
  const { audit: run, followAbort } = await import('../audit/index.ts');
  const { stdin = 'inherit', stdout = 'inherit', stderr = 'inherit', signal } = options;
  signal?.throwIfAborted();
  const result = await run({
    ...toProxyOptions(options, { bundleDirectory, onLine }),
    command: argv,
    line,
    signals: followAbort(signal ?? new AbortController().signal),
    ownsProcess: false,
    stdin,
    stdout,
    stderr,
  });
  // Only a command that comes on stdin can be a report.
  if (result.kind === 'report') throw new AuditError('bad-usage', 'there is no command');
  const { exit, run: made, journalFile, logFile, failure, output } = result;
  return {
    exit,
    run: made,
    journalFile,
    logFile,
    failure: failure ?? null,
    stdout: output.stdout,
    stderr: output.stderr,
    isOutputTruncated: output.isTruncated,
  };
}

function parseCommand(command: readonly string[] | string): { argv: readonly string[]; line?: string } {
  if (typeof command === 'string' && command !== '') return { argv: [], line: command };
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')) {
    return { argv: command };
  }
  throw new AuditError('bad-usage', 'the command is not right', {
    hint: 'Expected a program and its arguments in an array, or one shell line.',
  });
}
