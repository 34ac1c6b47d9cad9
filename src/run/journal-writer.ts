import type { AfterWritten, Fact, RecordFact } from '../model/events.ts';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import { ChainedLines, MAX_LINE } from './chained-lines.ts';
import { compareJournal } from './compare-journal.ts';
import { openJournalFile, type JournalFile, type JournalTarget } from './journal-file.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { shorten } from './shorten-fact.ts';
import { WriteOrder } from './write-order.ts';

export interface JournalOptions {
  /** Milliseconds since 1970; default the system's clock. Times in the journal never go backwards. */
  readonly now?: () => number;
  /** Called with each event after it was written. */
  readonly onRecorded?: (event: RecordedEvent) => void;
  /** Called after that, with the line as it was written. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Called once, when writing has failed. */
  readonly onFailed?: ((error: AuditError) => void) | undefined;
}

export interface Journal {
  /**
   * Chains one fact. It is written before it returns or, where several exchanges are in flight, together with all others of
   * this turn of the event loop, at its end. `head` of `run-finished` is filled in.
   * @throws {AuditError} `journal-failed`, once writing has failed or the journal is closed, for every further fact.
   */
  readonly record: RecordFact;
  readonly afterWritten: AfterWritten;
  /**
   * Writes now what waits for the end of the turn.
   * @throws {AuditError} as `record` does
   */
  readonly flush: () => void;
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

/**
 * From so many exchanges in flight on, lines wait for the end of the turn: several of them then have one more line in most
 * turns, and one write for all takes a third less of the processor. With fewer a turn has one line, which waiting would
 * only delay.
 */
const BUSY_FROM = 4;

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
  const writer = new JournalWriter(target, options);
  return {
    record: (fact) => {
      writer.record(fact);
    },
    afterWritten: (action, onFailed) => {
      writer.afterWritten(action, onFailed);
    },
    flush: () => {
      writer.flush();
      writer.throwFailure();
    },
    head: () => writer.head,
    seq: () => writer.seq,
    compare: () => writer.compare(),
    close: () => {
      writer.close();
    },
  };
}

/** A line that waits for the end of the turn. */
interface PendingLine {
  readonly event: RecordedEvent;
  /** With its newline; undefined where nobody wants it. */
  readonly line: string | undefined;
}

class JournalWriter {
  readonly #name: string;
  readonly #file: JournalFile;
  readonly #options: JournalOptions;
  readonly #lines: ChainedLines;
  readonly #timeOf: () => string;
  readonly #order = new WriteOrder();
  #pending: PendingLine[] = [];
  #endOfTurn: NodeJS.Immediate | undefined;
  #exchangesInFlight = 0;
  #failure: AuditError | undefined;

  constructor(target: JournalTarget, options: JournalOptions) {
    this.#name = 'fd' in target ? 'the journal' : `the journal ${target.file}`;
    this.#file = openTarget(target, this.#name);
    this.#options = options;
    const { fd, identity } = this.#file;
    this.#lines = new ChainedLines({ fd, isDigested: identity !== null, canCut: identity !== null });
    this.#timeOf = createClock(options.now ?? Date.now);
  }

  get head(): string {
    this.flush();
    return this.#lines.head;
  }

  get seq(): number {
    this.flush();
    return this.#lines.seq;
  }

  record(fact: Fact): void {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#add(fact);
    } catch (cause) {
      // What was recorded before can still be written.
      this.flush();
      throw this.#fail(cause);
    }
    if (fact.type === 'exchange-started') this.#exchangesInFlight += 1;
    else if (fact.type === 'exchange-completed') this.#exchangesInFlight -= 1;
    if (this.#endOfTurn !== undefined) return;
    if (this.#exchangesInFlight < BUSY_FROM) {
      this.flush();
      this.throwFailure();
      return;
    }
    this.#endOfTurn = setImmediate(() => {
      this.flush();
    });
  }

  afterWritten(action: () => void, onFailed: () => void): void {
    if (this.#failure !== undefined) onFailed();
    else if (this.#pending.length === 0 && this.#order.isEmpty) action();
    else this.#order.add({ seq: this.#lines.seq, action, onFailed });
  }

  /** Never throws: a failure is for `onFailed`, and for the next who records. */
  flush(): void {
    clearImmediate(this.#endOfTurn);
    this.#endOfTurn = undefined;
    if (this.#pending.length === 0 || this.#failure !== undefined) return;
    const pending = this.#pending;
    this.#pending = [];
    const before = this.#lines.seq - pending.length;
    try {
      try {
        this.#lines.write();
      } finally {
        this.#tell(pending.slice(0, this.#lines.seq - before));
      }
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    this.#order.run(() => this.#lines.seq - this.#pending.length);
  }

  async compare(): Promise<string | undefined> {
    this.flush();
    const isWhole = this.#failure === undefined;
    this.#failure ??= new AuditError('journal-failed', CLOSED);
    const { identity } = this.#file;
    return identity === null ? undefined : compareJournal(identity, { ...this.#lines.written(), isWhole });
  }

  close(): void {
    this.flush();
    this.#failure = new AuditError('journal-failed', CLOSED);
    this.#file.close();
  }

  #add(fact: Fact): void {
    const event = eventOf(fact, { seq: this.#lines.seq + 1, at: this.#timeOf(), prev: this.#lines.head });
    if (this.#chain(event)) return;
    for (const limits of SHORTENINGS) if (this.#chain(shorten(event, limits))) return;
    throw new Error(`an event of type ${event.type} is longer than ${MAX_LINE} bytes`);
  }

  /** False where its line is too long. */
  #chain(event: RecordedEvent): boolean {
    const line = JSON.stringify(event);
    if (!this.#lines.add(line)) return false;
    this.#pending.push({ event, line: this.#options.onLine && `${line}\n` });
    return true;
  }

  #tell(written: readonly PendingLine[]): void {
    const { onRecorded, onLine } = this.#options;
    for (const { event, line } of written) {
      onRecorded?.(event);
      if (line !== undefined) onLine?.(line);
    }
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #fail(cause: unknown): AuditError {
    if (this.#failure !== undefined) return this.#failure;
    this.#failure = journalFailed(this.#name, cause);
    this.#options.onFailed?.(this.#failure);
    this.#order.fail();
    return this.#failure;
  }
}

/** RFC 3339 times that never go backwards. Many lines are of one millisecond. */
function createClock(now: () => number): () => string {
  let last = -1;
  let text = '';
  return () => {
    const time = Math.max(last, now(), 0);
    if (time !== last) text = new Date(time).toISOString();
    last = time;
    return text;
  };
}

const CLOSED = 'the journal is closed: nothing more can be recorded';

/** The members in the order of a documented line: `v`, `seq`, `at`, `type`, `prev`, then the fact's own. */
function eventOf(fact: Fact, { seq, at, prev }: { seq: number; at: string; prev: string }): RecordedEvent {
  const event = Object.assign({ v: 1, seq, at, type: fact.type, prev }, fact);
  return event.type === 'run-finished' ? Object.assign(event, { head: prev }) : event;
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
