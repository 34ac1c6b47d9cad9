import type { OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';

const BUFFER_BYTES = 64 * 1024;

/**
 * What a dialled socket sends, read into a few buffers that are used again, and written on from there with
 * back-pressure. A stream takes new memory for each read, which costs a tunnel a third of its speed (page faults, and
 * garbage collections for external memory).
 */
export class PooledReads implements OnReadOpts {
  readonly #free: Uint8Array[] = [];
  #target: Duplex | undefined;
  readonly #spoke: (() => void) | undefined;
  #isAsked = false;
  #early: { readonly length: number; readonly buffer: Uint8Array } | undefined;

  /** @param spoke is called when the first bytes are here */
  constructor(spoke?: () => void) {
    this.#spoke = spoke;
  }

  /** Whether the socket reads to here: a dialler may leave that. */
  get isInUse(): boolean {
    return this.#isAsked;
  }

  /** Node asks for the next buffer after each read, before `callback` can have given back the last one. */
  readonly buffer = (): Uint8Array => {
    this.#isAsked = true;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  };

  /** False stops the reading. */
  readonly callback = (length: number, buffer: Uint8Array): boolean => {
    if (this.#target !== undefined) return this.#write(this.#target, length, buffer);
    this.#early = { length, buffer };
    this.#spoke?.();
    return false;
  };

  /** From now on, and from the first byte. The ends of both sockets are the caller's. */
  passOn(source: Duplex, target: Duplex): void {
    this.#target = target;
    target.on('drain', () => {
      source.resume();
    });
    if (this.#early === undefined) return;
    if (this.#write(target, this.#early.length, this.#early.buffer)) source.resume();
    this.#early = undefined;
  }

  #write(target: Duplex, length: number, buffer: Uint8Array): boolean {
    return target.write(buffer.subarray(0, length), () => {
      this.#free.push(buffer);
    });
  }
}
