import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { endToEnd, toHttp2Headers } from '../forward/headers.ts';
import {
  BACKLOG_BYTES,
  type OutgoingRequest,
  type RawHeaders,
  type Upstream,
  type UpstreamEvents,
} from '../forward/sides.ts';
import { formatAuthority } from '../front/authority.ts';
import type { Session } from './http2-sessions.ts';

/** Sends a request as one stream of an HTTP/2 session. */
export function sendHttp2(open: Session, outgoing: OutgoingRequest, events: UpstreamEvents): Upstream {
  return new Http2Exchange(open, outgoing, events);
}

class Http2Exchange implements Upstream {
  readonly #stream: ClientHttp2Stream;
  readonly #events: UpstreamEvents;
  #trailers: RawHeaders = [];
  #hasResponse = false;
  #isDone = false;

  constructor(open: Session, outgoing: OutgoingRequest, events: UpstreamEvents) {
    this.#events = events;
    const { timings } = open;
    open.timings = undefined;
    this.#stream = open.session.request(requestHeaders(outgoing), {
      endStream: !outgoing.hasBody,
      waitForTrailers: outgoing.hasBody,
    });
    events.connected(timings);
    this.#listen();
  }

  #listen(): void {
    const stream = this.#stream;
    stream.on('continue', () => {
      this.#events.information(100, []);
    });
    stream.on('headers', (headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      this.#events.information(Number(headers[':status']), withoutPseudo(raw));
    });
    stream.on('response', (headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      this.#hasResponse = true;
      this.#events.response({
        status: Number(headers[':status']),
        message: '',
        headers: withoutPseudo(raw),
        httpVersion: '2',
      });
      // Not before: Node states a response in the next turn, its first data may come in this one.
      stream.on('data', (chunk: Buffer) => {
        this.#events.data(chunk);
      });
    });
    stream.on('trailers', (_headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      this.#trailers = withoutPseudo(raw);
    });
    stream.on('drain', () => {
      this.#events.drain();
    });
    stream.on('end', () => {
      if (this.#hasResponse && stream.rstCode === constants.NGHTTP2_NO_ERROR)
        this.#finish(() => {
          this.#events.end(this.#trailers);
        });
    });
    stream.on('error', (error: Error) => {
      this.#finish(() => {
        this.#events.error(error);
      });
    });
    stream.on('close', () => {
      const reason = `the upstream closed the stream (HTTP/2 error code ${stream.rstCode})`;
      this.#finish(() => {
        this.#events.error(Object.assign(new Error(reason), { code: 'ERR_UPSTREAM_CUT' }));
      });
    });
  }

  write(chunk: Buffer): boolean {
    if (this.#stream.destroyed) return true;
    this.#stream.write(chunk);
    return this.#stream.writableLength < BACKLOG_BYTES;
  }

  end(trailers: RawHeaders): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    this.#stream.once('wantTrailers', () => {
      this.#stream.sendTrailers(toHttp2Headers(endToEnd(trailers)));
    });
    this.#stream.end();
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    if (this.#hasResponse) this.#stream.resume();
  }

  abort(): void {
    this.#isDone = true;
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #finish(tell: () => void): void {
    if (this.#isDone) return;
    this.#isDone = true;
    tell();
  }
}

function requestHeaders(outgoing: OutgoingRequest): Record<string, string | string[]> {
  const headers = toHttp2Headers(endToEnd(outgoing.headers));
  const { host, ...rest } = headers;
  const scheme = outgoing.target.tls === undefined ? 'http' : 'https';
  return {
    ':method': outgoing.method,
    ':scheme': scheme,
    ':authority': typeof host === 'string' ? host : formatAuthority(outgoing.destination, scheme),
    ':path': outgoing.path,
    ...rest,
  };
}

/** Node passes the fields as they came, repeated ones apart, behind the documented arguments. */
function withoutPseudo(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !(raw[index - (index % 2)] ?? '').startsWith(':'));
}
