import type { Duplex } from 'node:stream';

/** One end of a pair of connections: what is read and written, and the TCP connection below it. */
export interface Endpoint {
  /** The TCP connection itself, TLS on it, or a stream of HTTP/2 that is a tunnel. */
  readonly stream: Duplex;
  readonly socket: Resettable;
}

/** A TCP connection, or what stands for it. */
export interface Resettable {
  readonly destroyed: boolean;
  resetAndDestroy(): unknown;
  destroy(): unknown;
}

/**
 * Ends it as no end of a message can: by RST. `TLSSocket.resetAndDestroy()` throws, so that the socket below is reset. While
 * an end is on its way to the system, that refuses to reset, and Node would leave the connection open (libuv's
 * `uv_tcp_close_reset`): then it is closed behind that end.
 */
export function resetEndpoint({ stream, socket }: Endpoint): void {
  const isEnding = stream.writableEnded && !stream.writableFinished;
  if (!socket.destroyed) {
    if (isEnding) socket.destroy();
    else socket.resetAndDestroy();
  }
  if (!stream.destroyed) stream.destroy();
}

/**
 * Lets a failed write to a stream end that direction alone: a server that answers early and resets has said something that
 * is still to be read.
 */
export function ignoreFailedWrites(stream: Duplex, onFailed: () => void): void {
  const target = stream as unknown as Writing;
  const guard = (done: Done): Done => {
    return (error) => {
      if (error !== null && error !== undefined) onFailed();
      done();
    };
  };
  const write = target._write.bind(stream);
  target._write = (chunk, encoding, done) => {
    write(chunk, encoding, guard(done));
  };
  const writev = target._writev?.bind(stream);
  if (writev === undefined) return;
  target._writev = (chunks, done) => {
    writev(chunks, guard(done));
  };
}

type Done = (error?: Error | null) => void;

/** What a stream implements for `Writable`; Node documents it for those who write streams. */
interface Writing {
  _write(chunk: unknown, encoding: BufferEncoding, done: Done): void;
  _writev?(chunks: unknown, done: Done): void;
}
