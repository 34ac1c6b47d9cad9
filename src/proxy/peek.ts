import type { Duplex } from 'node:stream';

interface PeekOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits for bytes and puts them back, so that the next reader sees them all. Resolves with null when the other side
 * ended or closed first, and `'silent'` when nothing came within `timeoutMs` or until `signal`.
 */
export function peek(socket: Duplex, { timeoutMs, signal }: PeekOptions): Promise<Buffer | null | 'silent'> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.readableEnded) {
      resolve(null);
      return;
    }
    if (signal?.aborted === true) {
      resolve('silent');
      return;
    }
    const settle = (value: Buffer | null | 'silent'): void => {
      clearTimeout(timer);
      socket.off('readable', read);
      socket.off('end', end);
      socket.off('close', end);
      signal?.removeEventListener('abort', giveUp);
      resolve(value);
    };
    const giveUp = (): void => {
      settle('silent');
    };
    const read = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      socket.unshift(chunk);
      settle(chunk);
    };
    const end = (): void => {
      settle(null);
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp);
    socket.on('readable', read);
    socket.on('end', end);
    socket.on('close', end);
  });
}

/** What was read; `closed`: the other side ended first, `silent`: it did not say enough in time. */
type ReadResult<T> =
  Exclude<T, { state: 'incomplete' }> | { readonly state: 'closed' } | { readonly state: 'silent' };

/**
 * Reads until `parse` is satisfied, or the other side says no more in time, then puts back what it did not use. A side that
 * ended is `closed`, and what it had said is gone: nothing can be put back behind an end.
 */
export function readUntil<T extends { state: string; length?: number }>(
  socket: Duplex,
  parse: (bytes: Buffer) => T,
  timeoutMs: number,
): Promise<ReadResult<T>> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => {
      if (bytes.length > 0 && !socket.readableEnded) socket.unshift(bytes);
      settle({ state: 'silent' });
    }, timeoutMs);
    const settle = (value: ReadResult<T>): void => {
      clearTimeout(timer);
      socket.off('readable', read);
      socket.off('end', end);
      socket.off('close', end);
      resolve(value);
    };
    const read = (): void => {
      for (
        let chunk = socket.read() as Buffer | null;
        chunk !== null;
        chunk = socket.read() as Buffer | null
      ) {
        bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
        const parsed = parse(bytes);
        if (parsed.state === 'incomplete') continue;
        const rest = bytes.subarray(parsed.length ?? bytes.length);
        if (rest.length > 0) socket.unshift(rest);
        settle(parsed as Exclude<T, { state: 'incomplete' }>);
        return;
      }
    };
    const end = (): void => {
      settle({ state: 'closed' });
    };
    if (socket.destroyed) {
      settle({ state: 'closed' });
      return;
    }
    socket.on('readable', read);
    socket.on('end', end);
    socket.on('close', end);
    read();
  });
}
