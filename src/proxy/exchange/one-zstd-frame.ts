import { Transform, type TransformCallback } from 'node:stream';
import { ZstdFrame } from './zstd-frame.ts';
import { DecodingError } from './coded-stream.ts';

/** Passes one zstd frame on. Decoders skip frames and go on with further ones, each in its own way. */
export class OneZstdFrame extends Transform {
  readonly #frame = new ZstdFrame();

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      const taken = this.#frame.take(chunk);
      done(taken < chunk.length ? new DecodingError('trailing-bytes') : null, chunk);
    } catch {
      done(new DecodingError('corrupt'));
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#frame.isEnded ? null : new DecodingError('cut-short'));
  }
}
