import { writeSync } from 'node:fs';

const PAUSE_MS = 5;
/** How long a reader of a full pipe (`-o -`) may keep us waiting. */
const PATIENCE_MS = 30_000;

/** The system took only the first `written` bytes; `cause` is its error. */
export class PartialWriteError extends Error {
  readonly written: number;

  constructor(written: number, cause: unknown) {
    super('not all bytes were written', { cause });
    this.written = written;
  }
}

/** Writes all bytes, whatever the system takes at a time. Throws a `PartialWriteError`. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let written = 0;
  let waited = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
      waited = 0;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const isFull = code === 'EAGAIN' && waited < PATIENCE_MS;
      if (!isFull && code !== 'EINTR') throw new PartialWriteError(written, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      waited += PAUSE_MS;
    }
  }
}
