import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { breakOff } from '../forward/break-off.ts';
import { endToEnd, toHttp2Headers } from '../forward/headers.ts';
import { BACKLOG_BYTES, type OutgoingRequest, type Upstream, type UpstreamEvents } from '../forward/sides.ts';
import { StreamReset } from '../forward/stream-reset.ts';
import { mayStartAgain, whyClosed } from './http2-closing.ts';
import { requestHeaders, withoutPseudo } from './http2-headers.ts';
import { Replay } from './http2-replay.ts';
import type { Http2Sessions, Place } from './http2-sessions.ts';
import type { RawHeaders } from '../exchange/raw-headers.ts';

/** One refusal says little, two are an answer. */
const MAX_RETRIES = 1;

/**
 * Sends a request as one stream of an HTTP/2 session; undefined when the upstream chose HTTP/1.1 after all. A request that
 * the upstream did not process is sent once more, on a new connection if its own is going away (RFC 9113, 8.7).
 */
export async function sendHttp2(
  sessions: Http2Sessions,
  outgoing: OutgoingRequest,
  events: UpstreamEvents,
): Promise<Upstream | undefined> {
  const exchange = new Http2Exchange(sessions, outgoing, events);
  return (await exchange.start()) ? exchange : undefined;
}

class Http2Exchange implements Upstream {
  readonly #sessions: Http2Sessions;
  readonly #outgoing: OutgoingRequest;
  readonly #events: UpstreamEvents;
  readonly #replay = new Replay();
  /** Undefined while a new connection is waited for. */
  #stream: ClientHttp2Stream | undefined;
  #requestTrailers: RawHeaders | undefined;
  #trailers: RawHeaders = [];
  #retries = 0;
  #hasResponse = false;
  #isDone = false;

  constructor(sessions: Http2Sessions, outgoing: OutgoingRequest, events: UpstreamEvents) {
    this.#sessions = sessions;
    this.#outgoing = outgoing;
    this.#events = events;
  }

  async start(): Promise<boolean> {
    const place = await this.#sessions.take(this.#outgoing);
    if (place === undefined) return false;
    if (this.#isDone) {
      place.release();
      return true;
    }
    const { hasBody } = this.#outgoing;
    const options = { endStream: !hasBody, waitForTrailers: hasBody };
    let stream: ClientHttp2Stream;
    try {
      stream = place.session.request(requestHeaders(this.#outgoing), options);
    } catch (error) {
      place.release();
      // The session was closed a moment ago; anything else is wrong with the request.
      const isOver = place.session.closed || place.session.destroyed;
      if (!isOver || !this.#startAgain()) throw place.failure() ?? error;
      return true;
    }
    this.#events.connected(place.timings, place.address);
    this.#listen(stream, place);
    this.#stream = stream;
    this.#replay.sendOn(stream);
    if (this.#requestTrailers !== undefined) this.end(this.#requestTrailers);
    return true;
  }

  write(chunk: Buffer): boolean {
    const stream = this.#stream;
    this.#replay.keep(chunk, stream !== undefined);
    if (stream === undefined) return false;
    if (stream.destroyed) return true;
    stream.write(chunk);
    return stream.writableLength < BACKLOG_BYTES;
  }

  end(trailers: RawHeaders): void {
    this.#requestTrailers = trailers;
    const stream = this.#stream;
    if (stream === undefined || stream.destroyed || stream.writableEnded) return;
    stream.once('wantTrailers', () => {
      stream.sendTrailers(toHttp2Headers(endToEnd(trailers)));
    });
    stream.end();
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    if (this.#hasResponse) this.#stream?.resume();
  }

  abort(code: number = constants.NGHTTP2_CANCEL): void {
    this.#isDone = true;
    if (this.#stream !== undefined) breakOff(this.#stream, code);
  }

  abortWhenSent(code?: number): void {
    const stream = this.#stream;
    if (stream === undefined || stream.destroyed || stream.writableFinished) {
      this.abort(code);
      return;
    }
    this.#isDone = true;
    stream.once('finish', () => {
      breakOff(stream, code ?? constants.NGHTTP2_CANCEL);
    });
  }

  endSide(): void {
    // The client's session and the upstream's are not the same.
  }

  #listen(stream: ClientHttp2Stream, place: Place): void {
    stream.on('continue', () => {
      this.#inform(100, []);
    });
    stream.on('headers', (headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      this.#inform(Number(headers[':status']), withoutPseudo(raw));
    });
    stream.on('response', (headers: IncomingHttpHeaders, flags: number, raw: string[]) => {
      this.#respond(stream, { status: Number(headers[':status']), flags, raw });
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
    let failure: Error | undefined;
    stream.on('error', (error: Error) => {
      failure = error;
    });
    stream.once('close', () => {
      place.release();
      if (this.#isDone) {
        this.#events.stopped();
        return;
      }
      const mayRepeat = this.#replay.isPossible && mayStartAgain(this.#outgoing, { stream, place, failure });
      if (mayRepeat && this.#startAgain()) return;
      this.#fail(whyClosed({ stream, place, failure }));
    });
  }

  #inform(status: number, headers: RawHeaders): void {
    this.#replay.forget();
    this.#events.information(status, headers);
  }

  #respond(
    stream: ClientHttp2Stream,
    { status, flags, raw }: { status: number; flags: number; raw: readonly string[] },
  ): void {
    this.#hasResponse = true;
    this.#replay.forget();
    this.#events.response({
      status,
      message: '',
      headers: withoutPseudo(raw),
      httpVersion: '2',
      isWhole: (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0,
    });
    // Not before: Node states a response in the next turn, its first data may come in this one.
    stream.on('data', (chunk: Buffer) => {
      this.#events.data(chunk);
    });
  }

  #startAgain(): boolean {
    if (this.#retries >= MAX_RETRIES) return false;
    this.#retries += 1;
    this.#stream = undefined;
    this.start().then(
      (hasStarted) => {
        if (hasStarted) this.#events.drain();
        else this.#fail(new StreamReset(constants.NGHTTP2_REFUSED_STREAM));
      },
      (error: unknown) => {
        this.#fail(error as Error);
      },
    );
    return true;
  }

  #fail(error: Error): void {
    this.#finish(() => {
      this.#events.error(error);
    });
  }

  #finish(tell: () => void): void {
    if (this.#isDone) return;
    this.#isDone = true;
    tell();
  }
}
