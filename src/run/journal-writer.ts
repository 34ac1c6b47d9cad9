import { pino } from 'pino';
import type { Fact, RecordFact } from '../model/events.ts';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import { ChainedLines, MAX_LINE } from './chained-lines.ts';
import { compareJournal } from './compare-journal.ts';
import { openJournalFile, type JournalFile, type JournalTarget } from './journal-file.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { shorten } from './shorten-fact.ts';

export interface JournalOptions {
  /** Milliseconds since 1970; default the system's clock. Times in the journal never go backwards. */
  readonly now?: () => number;
  /** Called with each event after it was written. */
  readonly onRecorded?: (event: RecordedEvent) => void;
  /** Called after that, with the line as it was written. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Journal {
  /**
   * Writes one fact before it returns. `head` of `run-finished` is filled in.
   * @throws {AuditError} `journal-failed`, once writing has failed or the journal is closed, for every further fact.
   */
  readonly record: RecordFact;
  /**
   * Writes in one piece, before it returns, the facts that `work` records; it must not throw.
   * Nobody is told of one before.
   * @throws {AuditError} as `record` does
   */
  readonly together: (work: () => void) => void;
  /** SHA-256 of the last line, in hex: what `prev` of the next one will be. */
  readonly head: () => string;
  /** The number of lines written. */
  readonly seq: () => number;
  /**
   * Takes no more facts, and compares the file with what was written to it. Resolves with what somebody changed in it, in
   * plain words; undefined where nothing was, or where it is no regular file of its own. Never rejects.
   */
  readonly compare: () => Promise<string | undefined>;
  readonly close: () => void;
}

const SHORTENINGS = [
  { characters: 65_536, items: 2_000 },
  { characters: 16_384, items: 2_000 },
  { characters: 1_024, items: 1_000 },
  { characters: 128, items: 100 },
];

/**
 * Opens a journal for writing, its file readable by its owner only.
 * @throws {AuditError} `journal-failed` when the file cannot be opened.
 */
export function openJournal(target: JournalTarget, options: JournalOptions = {}): Journal {
  const name = 'fd' in target ? 'the journal' : `the journal ${target.file}`;
  const { fd, identity, close } = openTarget(target, name);
  const lines = new ChainedLines(fd, identity !== null);
  const write = createSerializer(lines);
  let failure: AuditError | undefined;
  const timeOf = createClock(options.now ?? Date.now);
  const listeners = new Listeners(options);
  const fail = (cause: unknown): never => {
    failure = journalFailed(name, cause);
    throw failure;
  };
  return {
    record(fact) {
      if (failure !== undefined) throw failure;
      const event = eventOf(fact, { seq: lines.seq + 1, at: timeOf(), prev: lines.head });
      try {
        const written = write(event);
        listeners.tell(written, lines.last);
      } catch (cause) {
        fail(cause);
      }
    },
    together(work) {
      if (failure !== undefined) throw failure;
      try {
        listeners.tellAfter(() => {
          lines.together(work);
        });
      } catch (cause) {
        fail(cause);
      }
    },
    head: () => lines.head,
    seq: () => lines.seq,
    async compare() {
      const isWhole = failure === undefined;
      failure ??= new AuditError('journal-failed', CLOSED);
      return identity === null ? undefined : compareJournal(identity, { ...lines.written(), isWhole });
    },
    close() {
      failure = new AuditError('journal-failed', CLOSED);
      close();
    },
  };
}

/** Those who are told of what was written. */
class Listeners {
  readonly #options: JournalOptions;
  #waiting: [RecordedEvent, string][] | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  tell(event: RecordedEvent, line: string): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push([event, line]);
      return;
    }
    this.#options.onRecorded?.(event);
    this.#options.onLine?.(line);
  }

  /** Keeps back what is told until `write` has returned; where it throws, nobody is told of it. */
  tellAfter(write: () => void): void {
    const waiting: [RecordedEvent, string][] = [];
    this.#waiting = waiting;
    try {
      write();
    } finally {
      this.#waiting = undefined;
    }
    for (const [event, line] of waiting) this.tell(event, line);
  }
}

/** RFC 3339 times that never go backwards. */
function createClock(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last, now());
    return new Date(last).toISOString();
  };
}

const CLOSED = 'the journal is closed: nothing more can be recorded';

/** The members in the order of a documented line: `seq`, `at`, `type`, `prev`, then the fact's own. */
function eventOf(fact: Fact, { seq, at, prev }: { seq: number; at: string; prev: string }): RecordedEvent {
  const event = Object.assign({ seq, at, type: fact.type, prev }, fact);
  return event.type === 'run-finished' ? Object.assign(event, { head: prev }) : event;
}

/** Writes an event by pino, shortened when its line would be too long; returns what was written. */
function createSerializer(lines: ChainedLines): (event: RecordedEvent) => RecordedEvent {
  // Pino's level becomes our `v`, which every line starts with; no pid, hostname, time or message.
  const logger = pino({ base: null, timestamp: false, formatters: { level: () => ({ v: 1 }) } }, lines);
  return (event) => {
    let written = event;
    logger.info(written);
    for (const limits of SHORTENINGS) {
      if (!lines.isTooLong) return written;
      written = shorten(event, limits);
      logger.info(written);
    }
    if (lines.isTooLong) throw new Error(`an event of type ${event.type} is longer than ${MAX_LINE} bytes`);
    return written;
  };
}

function openTarget(target: JournalTarget, name: string): JournalFile {
  try {
    return openJournalFile(target);
  } catch (cause) {
    throw journalFailed(name, cause);
  }
}

function journalFailed(name: string, cause: unknown): AuditError {
  return new AuditError('journal-failed', `${name} cannot be written: ${reasonOf(cause)}`, {
    hint: 'Make room or choose another place with -o FILE. What cannot be recorded is not let through.',
    cause,
  });
}
