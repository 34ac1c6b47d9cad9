import { createHash } from 'node:crypto';
import type { Duplex, Transform } from 'node:stream';
import { Transform as TransformStream } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';

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
export function createDecoder(contentEncoding: string): Decoder | undefined {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length === 0 || codings.length > MAX_CODINGS) return undefined;
  const stages: Duplex[] = [];
  for (const coding of codings.reverse()) {
    const stage = createStage(coding);
    if (stage === undefined) return undefined;
    stages.push(stage);
  }
  return chain(stages);
}

function createStage(coding: string): Duplex | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return createDeflateStage();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return createZstdStage();
    default:
      return undefined;
  }
}

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

function createZstdStage(): Transform {
  const native = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native !== undefined) return native();
  let push: (chunk: Uint8Array) => void = () => undefined;
  const decompress = new Decompress((chunk) => {
    push(chunk);
  });
  return new TransformStream({
    transform(chunk: Buffer, _encoding, done) {
      push = (part) => this.push(part);
      try {
        decompress.push(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function chain(stages: readonly Duplex[]): Decoder {
  const first = stages[0];
  const last = stages.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a decoder needs a coding');
  const hash = createHash('sha256');
  let received = 0;
  let size = 0;
  let failed = false;
  let drained: () => void = () => undefined;
  const fail = (): void => {
    failed = true;
    for (const stage of stages) stage.destroy();
    drained();
  };
  for (const [index, stage] of stages.entries()) {
    stage.on('error', fail);
    const next = stages[index + 1];
    if (next !== undefined) stage.pipe(next);
  }
  last.on('data', (chunk: Buffer) => {
    size += chunk.length;
    hash.update(chunk);
    if (size > EXPANSION_FREE_BYTES && size > received * MAX_EXPANSION) fail();
  });
  first.on('drain', () => {
    drained();
  });
  return {
    write(chunk) {
      received += chunk.length;
      return failed || first.write(chunk);
    },
    onDrain(listener) {
      drained = listener;
    },
    finish() {
      return new Promise((resolve) => {
        if (failed) {
          resolve(undefined);
          return;
        }
        last.once('end', () => {
          resolve({ size, sha256: hash.digest('hex') });
        });
        last.once('close', () => {
          resolve(undefined);
        });
        first.end();
      });
    },
    abandon: fail,
  };
}
