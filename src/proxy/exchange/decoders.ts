import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Undecoded } from '../../model/exchange.ts';
import { createZstdStage } from '../../support/zstd-stage.ts';
import { CodedStream, DecodingError } from './coded-stream.ts';
import { GzipEnvelope } from './gzip-envelope.ts';
import { OneZstdFrame } from './one-zstd-frame.ts';

export interface Decoded {
  readonly size: number;
  readonly sha256: string;
}

/** Decodes a content-encoded body aside, to learn the digest of what it stands for. */
export interface Decoder {
  /** False when the caller should wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  onDrain(listener: () => void): void;
  /** Resolves always: to why not, where the body is not exactly one coded stream of each of its codings. */
  finish(): Promise<Decoded | Undecoded>;
  abandon(): void;
}

/** A decoded body larger than this many times what came is a bomb: decoding stops, the body still passes. */
const MAX_EXPANSION = 200;
const EXPANSION_FREE_BYTES = 64 * 1024 * 1024;
const MAX_CODINGS = 3;

/** A decoder for a `Content-Encoding` value; why there is none, where there can be none; undefined for identity. */
export function createDecoder(
  contentEncoding: string,
  onDecoded: (chunk: Buffer) => void = () => undefined,
): Decoder | Undecoded | undefined {
  const codings = listCodings(contentEncoding);
  const obstacle = obstacleOf(codings);
  if (obstacle !== undefined) return obstacle;
  const [first, ...rest] = codings.reverse().flatMap((coding) => stages[coding]?.() ?? []);
  return first === undefined ? undefined : new Chain([first, ...rest], onDecoded);
}

/** Whether a body can be read: it has no coding, or only such as are known. */
export function isDecodable(contentEncoding: string): boolean {
  return obstacleOf(listCodings(contentEncoding)) === undefined;
}

function listCodings(contentEncoding: string): string[] {
  return contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

function obstacleOf(codings: readonly string[]): Undecoded | undefined {
  if (!codings.every((coding) => Object.hasOwn(stages, coding))) return 'unknown-coding';
  return codings.length > MAX_CODINGS ? 'too-many-codings' : undefined;
}

const createGzip = (): Duplex[] => [new CodedStream(() => zlib.createInflateRaw(), new GzipEnvelope())];

const stages: Readonly<Record<string, () => Duplex[]>> = {
  gzip: createGzip,
  'x-gzip': createGzip,
  // It means zlib (RFC 9110 8.4.1.2), yet some servers send it raw: the first byte tells.
  deflate: () => [
    new CodedStream(([first = 0]) => ((first & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw())),
  ],
  br: () => [new CodedStream(() => zlib.createBrotliDecompress())],
  zstd: () => [new OneZstdFrame(), createZstdStage()],
};

class Chain implements Decoder {
  readonly #stages: readonly Duplex[];
  readonly #first: Duplex;
  readonly #hash = createHash('sha256');
  readonly #outcome: Promise<Decoded | Undecoded>;
  #settle: (outcome: Decoded | Undecoded) => void = () => undefined;
  #received = 0;
  #size = 0;
  #isOver = false;
  #drained: () => void = () => undefined;

  constructor(stages: readonly [Duplex, ...Duplex[]], onDecoded: (chunk: Buffer) => void) {
    this.#stages = stages;
    this.#first = stages[0];
    this.#outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    for (const stage of stages) this.#watch(stage);
    const last = stages.reduce((before, stage) => before.pipe(stage));
    last.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      this.#hash.update(chunk);
      onDecoded(chunk);
    });
    last.once('end', () => {
      if (!this.#isOver) this.#settle({ size: this.#size, sha256: this.#hash.digest('hex') });
      this.#isOver = true;
    });
    this.#first.on('drain', () => {
      this.#drained();
    });
  }

  write(chunk: Buffer): boolean {
    this.#received += chunk.length;
    return this.#isOver || this.#first.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  finish(): Promise<Decoded | Undecoded> {
    if (!this.#isOver) this.#first.end();
    return this.#outcome;
  }

  abandon(): void {
    this.#fail('cut-short');
  }

  /** A bomb may be in any of the codings: what the next one makes of it can be small. */
  #watch(stage: Duplex): void {
    let size = 0;
    stage.on('error', (error) => {
      this.#fail(reasonOf(error));
    });
    stage.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > EXPANSION_FREE_BYTES && size > this.#received * MAX_EXPANSION) this.#fail('too-large');
    });
  }

  #fail(reason: Undecoded): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settle(reason);
    for (const stage of this.#stages) stage.destroy();
    this.#drained();
  }
}

function reasonOf(error: unknown): Undecoded {
  if (error instanceof DecodingError) return error.reason;
  return error instanceof RangeError ? 'too-large' : 'corrupt';
}
