import type { Endpoint } from '../endpoint.ts';

/**
 * Calls `action` once when the other side has ended its direction. Node tells a reset as an end too where bytes came in
 * right before it (libuv, `uv__stream_io`): then the stream is destroyed with the error that it did not tell.
 * @returns stops waiting
 */
export function whenEnded(endpoint: Endpoint, action: () => void): () => void {
  const { stream } = endpoint;
  const ended = (): void => {
    if (wasReset(endpoint)) stream.destroy(connectionReset());
    else action();
  };
  stream.once('end', ended);
  return () => stream.off('end', ended);
}

/**
 * A socket that was reset has no peer any more, one with an end has. Where our own direction has ended as well, the system
 * shows both alike.
 */
export function wasReset({ stream, socket }: Endpoint): boolean {
  const { _handle: handle } = socket as Partial<Handled>;
  if (stream.writableEnded || handle?.getpeername === undefined) return false;
  return handle.getpeername({}) !== 0;
}

/** What a socket of Node has below it. */
interface Handled {
  /** 0, or the number of an error. */
  readonly _handle: { getpeername?(into: object): number } | null;
}

export function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
}
