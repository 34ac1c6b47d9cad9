import type { Event } from '../model/events.ts';
import { AuditError } from '../support/errors.ts';

const MAX_EVENTS = 10_000;
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** The newest lines of a journal, for readers that come later or are slower. */
export class EventLog implements AsyncIterable<Event> {
  readonly #lines: string[] = [];
  #characters = 0;
  /** Lines that were let go of before the first one that is kept. */
  #dropped = 0;
  #isEnded = false;
  #wake: () => void = () => undefined;
  #changed: Promise<void> | undefined;

  add(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#lines.length > MAX_EVENTS || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#lines.shift()?.length ?? 0;
      this.#dropped++;
    }
    this.#notify();
  }

  /** No line comes any more: readers end where they have read all. */
  end(): void {
    this.#isEnded = true;
    this.#notify();
  }

  /** What is kept. */
  list(): Event[] {
    return this.#lines.map(parse);
  }

  /** From the first event that is kept. Throws `AuditError` `events-lost` when the reader falls behind what is kept. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    for (let next = this.#dropped; ; next++) {
      if (next < this.#dropped) throw eventsLost();
      while (next === this.#dropped + this.#lines.length) {
        if (this.#isEnded) return;
        await this.#change();
        if (next < this.#dropped) throw eventsLost();
      }
      yield parse(this.#lines[next - this.#dropped] ?? '');
    }
  }

  #change(): Promise<void> {
    return (this.#changed ??= new Promise((resolve) => {
      this.#wake = resolve;
    }));
  }

  #notify(): void {
    this.#changed = undefined;
    this.#wake();
  }
}

/** Our own writer made the line. */
export function parse(line: string): Event {
  return JSON.parse(line) as Event;
}

function eventsLost(): AuditError {
  return new AuditError('events-lost', 'events were recorded faster than they were read, and some are gone', {
    hint: 'Read faster, use onEvent, or read them from the journal.',
  });
}
