import type { Duplex } from 'node:stream';
import { resetEndpoint, type Endpoint } from '../endpoint.ts';

/** Bytes that may wait for a slower side before the faster one is paused. */
const BACKLOG_BYTES = 256 * 1024;
/** How long what was written before a reset may take to leave. */
const RESET_MS = 5_000;

/** Holds back all that is written after it, until it is released. */
export interface Gate {
  release(): void;
}

type Waiting = Buffer | 'end' | 'reset' | OpenableGate | (() => void);

/**
 * The writes to one end, in their order. What must wait for the journal holds back what follows it. Pieces that lie side by
 * side in memory go out as one.
 */
export class Outlet {
  readonly #endpoint: Endpoint;
  readonly #onDrain: () => void;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Contiguous bytes that are to be written next. */
  #run: Buffer | undefined;
  #isOver = false;
  #isBehind = false;

  /** @param onDrain is called when it was behind, and is so no more */
  constructor(endpoint: Endpoint, onDrain: () => void) {
    this.#endpoint = endpoint;
    this.#onDrain = onDrain;
    endpoint.stream.on('drain', this.#onDrained);
    // Whoever reads it is told; a stream without a listener would end the process.
    endpoint.stream.on('error', ignore);
  }

  readonly #onDrained = (): void => {
    this.flush();
  };

  /** Nothing more is written by it, and nothing waits: the stream is another's. */
  release(): void {
    this.stream.off('drain', this.#onDrained);
  }

  get stream(): Duplex {
    return this.#endpoint.stream;
  }

  /** No more can be written: it was ended or reset, which may still wait. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes bytes; they leave with the next `flush` at the latest. */
  write(bytes: Buffer): void {
    if (this.#isOver || bytes.length === 0) return;
    if (this.#waiting.length === 0) {
      this.#put(bytes);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  hold(): Gate {
    const gate = new OpenableGate(() => {
      this.#advance();
      this.flush();
    });
    this.#waiting.push(gate);
    return gate;
  }

  /** Calls `action` when all that was written until now has been released. */
  afterReleased(action: () => void): void {
    this.#waiting.push(action);
    this.#advance();
  }

  /** Ends this direction, after what was written. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting.push('end');
    this.#advance();
  }

  /** Resets the connection, after what was written. */
  reset(): void {
    this.#isOver = true;
    this.#waiting.push('reset');
    this.#advance();
  }

  /** Resets it now: what waits is not to be released. */
  abort(): void {
    this.#isOver = true;
    this.#waiting = [];
    this.#run = undefined;
    resetEndpoint(this.#endpoint);
  }

  /** Writes what was taken. True when its reader is behind, and the source should be paused until `onDrain`. */
  flush(): boolean {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined && !this.stream.destroyed) this.stream.write(run);
    const backlog = this.stream.writableLength + this.#waitingBytes;
    const wasBehind = this.#isBehind;
    this.#isBehind = backlog > BACKLOG_BYTES && !this.stream.destroyed;
    if (wasBehind && !this.#isBehind) this.#onDrain();
    return this.#isBehind;
  }

  #advance(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first instanceof OpenableGate && !first.isOpen) return;
      this.#waiting.shift();
      if (first instanceof Buffer) {
        this.#waitingBytes -= first.length;
        this.#put(first);
      } else if (first === 'end') {
        this.flush();
        this.stream.end();
      } else if (first === 'reset') {
        this.flush();
        this.#resetWhenWritten();
      } else if (typeof first === 'function') {
        this.flush();
        first();
      }
    }
  }

  #put(bytes: Buffer): void {
    const run = this.#run;
    if (run === undefined) {
      this.#run = bytes;
    } else if (run.buffer === bytes.buffer && run.byteOffset + run.length === bytes.byteOffset) {
      this.#run = Buffer.from(run.buffer, run.byteOffset, run.length + bytes.length);
    } else {
      if (!this.stream.destroyed) this.stream.write(run);
      this.#run = bytes;
    }
  }

  #resetWhenWritten(): void {
    const { stream } = this;
    if (stream.writableLength === 0 || stream.destroyed) {
      resetEndpoint(this.#endpoint);
      return;
    }
    const reset = (): void => {
      clearTimeout(timer);
      resetEndpoint(this.#endpoint);
    };
    const timer = setTimeout(reset, RESET_MS).unref();
    stream.write('', reset);
  }
}

function ignore(): void {
  // The stream's close follows.
}

class OpenableGate implements Gate {
  isOpen = false;
  readonly #onOpened: () => void;

  constructor(onOpened: () => void) {
    this.#onOpened = onOpened;
  }

  release(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.#onOpened();
  }
}
