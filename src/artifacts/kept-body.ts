import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Kept, Opening } from './recogniser.ts';

export interface TakenBody extends Kept {
  release(): void;
}

/** Keeps of a passing body what an `Opening` asks for. */
export class KeptBody {
  readonly #opening: Opening;
  readonly #directory: string;
  readonly #name: string;
  #fd: number | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #isTooLarge = false;

  /** @param directory private to us; the file `name` is made in it */
  constructor(opening: Opening, directory: string, name: string) {
    this.#opening = opening;
    this.#directory = directory;
    this.#name = name;
  }

  get #file(): string {
    return join(this.#directory, this.#name);
  }

  readonly write = (chunk: Buffer): void => {
    const { keep, limit } = this.#opening;
    if (this.#isTooLarge) return;
    const room = limit - this.#size;
    this.#size += chunk.length;
    if (keep === 'head') {
      // A copy, as a part of it would keep all of a large chunk in memory.
      if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
      return;
    }
    if (chunk.length > room) this.discard();
    else if (keep === 'whole') this.#chunks.push(chunk);
    else this.#spool(chunk);
  };

  /** Undefined when it was more than the limit, or the disk is full. `release` removes a spooled file. */
  take(): TakenBody | undefined {
    if (this.#isTooLarge) return undefined;
    const file = this.#fd === undefined ? undefined : this.#file;
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    return {
      bytes: joined(this.#chunks),
      file,
      release: () => {
        if (file !== undefined) rmSync(file, { force: true });
      },
    };
  }

  discard(): void {
    this.#isTooLarge = true;
    this.#chunks = [];
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    rmSync(this.#file, { force: true });
    this.#fd = undefined;
  }

  #spool(chunk: Buffer): void {
    try {
      this.#fd ??= openSync(this.#file, 'wx', 0o600);
      for (let written = 0; written < chunk.length;) written += writeSync(this.#fd, chunk, written);
    } catch {
      this.discard();
    }
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}
