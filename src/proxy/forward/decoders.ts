import { createHash } from 'node:crypto';
import type { Duplex, Transform } from 'node:stream';
import { Transform as TransformStream } from 'node:stream';
import * as zlib from 'node:zlib';
import { createZstdStage } from '../../support/zstd-stage.ts';

export interface Decoded {
  readonly size: number;
  readonly sha256: string;
}

/** Decodes a content-encoded body aside, to learn the digest of what it stands for. */
export interface Decoder {
  /** False when the caller should wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  onDrain(listener: () => void): void;
  /** Undefined when the body could not be decoded, or grew beyond the limit. */
  finish(): Promise<Decoded | undefined>;
  abandon(): void;
}

/** A decoded body larger than this many times what came is a bomb: decoding stops, the body still passes. */
const MAX_EXPANSION = 200;
const EXPANSION_FREE_BYTES = 64 * 1024 * 1024;
const MAX_CODINGS = 3;

/** A decoder for a `Content-Encoding` value; undefined for identity and for codings that are not known. */
export function createDecoder(
  contentEncoding: string,
  onDecoded: (chunk: Buffer) => void = () => undefined,
): Decoder | undefined {
  const codings = listCodings(contentEncoding);
  if (!areKnown(codings)) return undefined;
  const [first, ...rest] = codings.reverse().flatMap((coding) => stages[coding]?.() ?? []);
  return first === undefined ? undefined : new Chain([first, ...rest], onDecoded);
}

/** Whether a body can be read: it has no coding, or only such as are known. */
export function isDecodable(contentEncoding: string): boolean {
  return areKnown(listCodings(contentEncoding));
}

function listCodings(contentEncoding: string): string[] {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

function areKnown(codings: readonly string[]): boolean {
  return codings.length <= MAX_CODINGS && codings.every((coding) => Object.hasOwn(stages, coding));
}

const stages: Readonly<Record<string, () => Duplex>> = {
  gzip: zlib.createGunzip,
  'x-gzip': zlib.createGunzip,
  deflate: createDeflateStage,
  br: zlib.createBrotliDecompress,
  zstd: createZstdStage,
};

/** `deflate` means zlib (RFC 9110 8.4.1.2), yet some servers send it raw: the first byte tells. */
function createDeflateStage(): Transform {
  let inner: zlib.Inflate | zlib.InflateRaw | undefined;
  const stage = new TransformStream({
    transform(chunk: Buffer, _encoding, done) {
      inner ??= start(((chunk[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw());
      inner.write(chunk, () => {
        done();
      });
    },
    flush(done) {
      if (inner === undefined) {
        done();
        return;
      }
      inner.once('end', () => {
        done();
      });
      inner.end();
    },
    destroy(error, done) {
      inner?.destroy();
      done(error);
    },
  });
  const start = (decoder: zlib.Inflate | zlib.InflateRaw): zlib.Inflate | zlib.InflateRaw => {
    decoder.on('data', (part: Buffer) => stage.push(part));
    decoder.on('error', (error) => stage.destroy(error));
    return decoder;
  };
  return stage;
}

class Chain implements Decoder {
  readonly #stages: readonly Duplex[];
  readonly #first: Duplex;
  readonly #last: Duplex;
  readonly #hash = createHash('sha256');
  #received = 0;
  #size = 0;
  #failed = false;
  #drained: () => void = () => undefined;

  constructor(stages: readonly [Duplex, ...Duplex[]], onDecoded: (chunk: Buffer) => void) {
    this.#stages = stages;
    this.#first = stages[0];
    this.#last = stages.at(-1) ?? stages[0];
    for (const [index, stage] of this.#stages.entries()) {
      stage.on('error', () => {
        this.abandon();
      });
      const next = this.#stages[index + 1];
      if (next !== undefined) stage.pipe(next);
    }
    this.#last.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      this.#hash.update(chunk);
      onDecoded(chunk);
      if (this.#size > EXPANSION_FREE_BYTES && this.#size > this.#received * MAX_EXPANSION) this.abandon();
    });
    this.#first.on('drain', () => {
      this.#drained();
    });
  }

  write(chunk: Buffer): boolean {
    this.#received += chunk.length;
    return this.#failed || this.#first.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  finish(): Promise<Decoded | undefined> {
    if (this.#failed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#last.once('end', () => {
        resolve({ size: this.#size, sha256: this.#hash.digest('hex') });
      });
      this.#last.once('close', () => {
        resolve(undefined);
      });
      this.#first.end();
    });
  }

  abandon(): void {
    this.#failed = true;
    for (const stage of this.#stages) stage.destroy();
    this.#drained();
  }
}
