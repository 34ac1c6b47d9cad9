import type { Duplex } from 'node:stream';
import { peek } from '../peek.ts';

/** Who has said something first; its bytes are put back. Null: it has ended or closed. */
export interface FirstSpoken {
  readonly by: 'client' | 'server';
  readonly bytes: Buffer | null;
}

/**
 * Waits until one of two speaks or ends: a client that is silent may be slow, or wait for the server to speak first.
 * @throws why the upstream cannot be reached
 */
export async function waitForEither(client: Duplex, upstream: Promise<Duplex>): Promise<FirstSpoken> {
  const decided = new AbortController();
  const server = upstream.then((socket) => peek(socket, { signal: decided.signal }));
  const asked = peek(client, { signal: decided.signal });
  const toldBy = (by: 'client' | 'server', said: Promise<Buffer | null | 'silent'>): Promise<FirstSpoken> =>
    said.then((bytes) => ({ by, bytes: bytes === 'silent' ? null : bytes }));
  try {
    return await Promise.race([toldBy('client', asked), toldBy('server', server)]);
  } finally {
    decided.abort();
    await asked;
  }
}
