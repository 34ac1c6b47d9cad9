import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../support/quantities.ts';
import type { Examine, Examiner } from './examine/examiner.ts';
import { INLINE_BYTES } from './examine/limits.ts';
import type { NotExamined } from './examine/not-examined.ts';
import type { Opening, TakenBody } from './recogniser.ts';

export interface KeepingPlace {
  /** Private to us; the file `name` is made in it. */
  readonly directory: string;
  readonly name: string;
  readonly examiner: Pick<Examiner, 'examine' | 'reserve' | 'giveBack'>;
}

/** Keeps of a passing body what an `Opening` asks for: in memory what is short, else in a file. */
export class KeptBody {
  readonly #opening: Pick<Opening, 'keep' | 'limit'>;
  readonly #place: KeepingPlace;
  #fd: number | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #spooled = 0;
  #refusal: string | undefined;

  constructor(opening: Pick<Opening, 'keep' | 'limit'>, place: KeepingPlace) {
    this.#opening = opening;
    this.#place = place;
  }

  get #file(): string {
    return join(this.#place.directory, this.#place.name);
  }

  readonly write = (chunk: Buffer): void => {
    const { keep, limit } = this.#opening;
    if (this.#refusal !== undefined) return;
    const room = limit - this.#size;
    this.#size += chunk.length;
    if (keep === 'head') {
      // A copy, as a part of it would keep all of a large chunk in memory.
      if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
      return;
    }
    if (chunk.length > room) this.discard(`it is larger than ${formatBytes(limit)}`);
    else if (keep === 'whole' && this.#size <= INLINE_BYTES) this.#chunks.push(chunk);
    else this.#spool(chunk);
  };

  /** Where it could not be kept, the reason. `release` removes a file. */
  take(): TakenBody | NotExamined {
    if (this.#refusal !== undefined) return { notExamined: this.#refusal };
    const file = this.#fd === undefined ? undefined : this.#file;
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    const { examine }: { examine: Examine } = this.#place.examiner;
    return {
      bytes: joined(this.#chunks),
      file,
      examine,
      release: () => {
        if (file === undefined) return;
        rmSync(file, { force: true });
        this.#giveBack();
      },
    };
  }

  discard(reason = 'it was cut short'): void {
    this.#refusal = reason;
    this.#chunks = [];
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    rmSync(this.#file, { force: true });
    this.#fd = undefined;
    this.#giveBack();
  }

  #giveBack(): void {
    this.#place.examiner.giveBack(this.#spooled);
    this.#spooled = 0;
  }

  #spool(chunk: Buffer): void {
    const before = this.#chunks;
    this.#chunks = [];
    for (const one of [...before, chunk]) {
      if (!this.#place.examiner.reserve(one.length)) {
        this.discard('too much of what came before waits to be read');
        return;
      }
      this.#spooled += one.length;
      try {
        this.#fd ??= openSync(this.#file, 'wx', 0o600);
        for (let written = 0; written < one.length;) written += writeSync(this.#fd, one, written);
      } catch {
        this.discard('it could not be written to a temporary file');
        return;
      }
    }
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}
