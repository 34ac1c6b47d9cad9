import { Transform, type TransformCallback } from 'node:stream';
import type { Undecoded } from '../../model/exchange.ts';

/** Why a body could not be decoded. */
export class DecodingError extends Error {
  readonly reason: Undecoded;

  constructor(reason: Undecoded) {
    super(reason);
    this.reason = reason;
  }
}

/** A decoder of Node's zlib: `bytesWritten` is what it consumed. */
export type ZlibDecoder = Transform & { readonly bytesWritten: number };

/** What a coding has around its compressed data. Either method throws a `DecodingError` where it is not as it must be. */
export interface Envelope {
  /** Takes what belongs to the header from the beginning; answers with the rest. */
  readonly header: (chunk: Buffer) => Buffer;
  readonly decoded: (chunk: Buffer) => void;
  /** Takes what belongs to the trailer; answers with the rest. */
  readonly trailer: (chunk: Buffer) => Buffer;
  /** Called when no more comes. */
  readonly end: () => void;
}

/**
 * Decodes exactly one coded stream. Node's own decoders ignore what comes after it, decode further gzip members as if they
 * were a part of it, and never call back for a write that has bytes behind the end: here all of that is an error.
 */
export class CodedStream extends Transform {
  readonly #create: (first: Buffer) => ZlibDecoder;
  readonly #envelope: Envelope | undefined;
  #decoder: ZlibDecoder | undefined;
  #given = 0;
  #last: Buffer = Buffer.alloc(0);
  #isEnded = false;
  #isFlushing = false;
  /** Continues the write or the flush under way. */
  #done: TransformCallback | undefined;

  /** @param create makes the decoder, told by the first bytes of compressed data */
  constructor(create: (first: Buffer) => ZlibDecoder, envelope?: Envelope) {
    super();
    this.#create = create;
    this.#envelope = envelope;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#done = done;
    this.#attempt(() => {
      const data = this.#isEnded ? chunk : (this.#envelope?.header(chunk) ?? chunk);
      if (this.#isEnded) this.#finishWith(data);
      if (this.#isEnded || data.length === 0) {
        this.#continue();
        return;
      }
      this.#last = data;
      this.#given += data.length;
      this.#decoder ??= this.#start(data);
      // Not called where the data ends within it: then `end` comes.
      this.#decoder.write(data, () => {
        this.#continue();
      });
    });
  }

  override _flush(done: TransformCallback): void {
    this.#done = done;
    this.#isFlushing = true;
    if (this.#isEnded || this.#decoder === undefined) this.#conclude();
    else this.#decoder.end();
  }

  override _read(size: number): void {
    super._read(size);
    this.#decoder?.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#decoder?.destroy();
    done(error);
  }

  #start(first: Buffer): ZlibDecoder {
    const decoder = this.#create(first);
    decoder.on('data', (part: Buffer) => {
      this.#envelope?.decoded(part);
      if (!this.push(part)) decoder.pause();
    });
    decoder.on('error', ({ code }: NodeJS.ErrnoException) => {
      this.destroy(new DecodingError(code === 'Z_BUF_ERROR' ? 'cut-short' : 'corrupt'));
    });
    decoder.on('end', () => {
      this.#isEnded = true;
      const left = this.#given - decoder.bytesWritten;
      this.#attempt(() => {
        if (left > 0) this.#finishWith(this.#last.subarray(this.#last.length - left));
        if (this.#isFlushing) this.#conclude();
        else this.#continue();
      });
    });
    return decoder;
  }

  #conclude(): void {
    this.#attempt(() => {
      if (!this.#isEnded) throw new DecodingError('cut-short');
      this.#envelope?.end();
      this.#continue();
    });
  }

  #finishWith(bytes: Buffer): void {
    const rest = this.#envelope?.trailer(bytes) ?? bytes;
    if (rest.length > 0) throw new DecodingError('trailing-bytes');
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #continue(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}
