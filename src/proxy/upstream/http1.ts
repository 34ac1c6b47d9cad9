import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { BACKLOG_BYTES, type OutgoingRequest, type Upstream, type UpstreamEvents } from '../forward/sides.ts';
import { poolKeyOf, takeDialTimings, type UpstreamAgent } from './agent.ts';
import { buildOptions } from './http1-options.ts';
import { isDisconnect, isRepeatable } from './repeatable.ts';
import type { RawHeaders } from '../exchange/raw-headers.ts';

const MAX_STALE_RETRIES = 3;
/** An upstream that is given up has so long to take what its client has sent. */
const FLUSH_MS = 250;

/** Sends a request over HTTP/1.1. A pooled connection that proved stale is retried for bodiless safe requests. */
export function sendHttp1(agent: UpstreamAgent, outgoing: OutgoingRequest, events: UpstreamEvents): Upstream {
  const exchange = new Http1Exchange(agent, outgoing, events);
  exchange.start();
  return exchange;
}

class Http1Exchange implements Upstream {
  readonly #agent: UpstreamAgent;
  readonly #outgoing: OutgoingRequest;
  readonly #events: UpstreamEvents;
  readonly #isRepeatable: boolean;
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #attempts = 0;
  #isDone = false;

  constructor(agent: UpstreamAgent, outgoing: OutgoingRequest, events: UpstreamEvents) {
    this.#agent = agent;
    this.#outgoing = outgoing;
    this.#events = events;
    this.#isRepeatable = isRepeatable(outgoing);
  }

  start(): void {
    this.#attempts += 1;
    let request: ClientRequest;
    try {
      request = httpRequest(buildOptions(this.#agent, this.#outgoing, !this.#isRepeatable));
    } catch (error) {
      queueMicrotask(() => {
        this.#fail(error as Error);
      });
      return;
    }
    this.#request = request;
    request.once('socket', (socket) => {
      this.#events.connected(takeDialTimings(socket), socket.remoteAddress);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      this.#retryOrFail(request, error);
    });
    request.on('drain', () => {
      this.#events.drain();
    });
    request.on('close', () => {
      if (request === this.#request) this.#events.closed();
    });
    request.on('continue', () => {
      this.#events.information(100, []);
    });
    request.on('information', (info) => {
      this.#events.information(info.statusCode, info.rawHeaders);
    });
    request.on('response', (response) => {
      this.#receive(response);
    });
    if (!this.#outgoing.hasBody) request.end();
    else request.flushHeaders();
  }

  write(chunk: Buffer): boolean {
    if (this.#request === undefined || this.#request.destroyed) return true;
    this.#request.write(chunk);
    return this.#request.writableLength < BACKLOG_BYTES;
  }

  end(trailers: RawHeaders): void {
    if (!this.#outgoing.hasBody) return;
    if (trailers.length > 0) this.#request?.addTrailers(toPairs(trailers));
    this.#request?.end();
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  /** What was written before goes out, unless the upstream does not take it. */
  abort(): void {
    this.#isDone = true;
    const request = this.#request;
    if (request === undefined) return;
    const { socket } = request;
    if (socket === null || request.writableLength === 0) {
      request.destroy();
      return;
    }
    socket.destroySoon();
    setTimeout(() => request.destroy(), FLUSH_MS).unref();
  }

  abortWhenSent(): void {
    this.#isDone = true;
    this.#whenSent((request) => request.destroy());
  }

  endSide(): void {
    this.#whenSent(({ socket }) => socket?.end());
  }

  #whenSent(act: (request: ClientRequest) => void): void {
    const request = this.#request;
    if (request === undefined || request.destroyed) return;
    if (request.writableFinished) act(request);
    else
      request.once('finish', () => {
        act(request);
      });
  }

  #receive(response: IncomingMessage): void {
    this.#response = response;
    const { statusCode = 0, statusMessage = '', rawHeaders, httpVersion } = response;
    this.#events.response({ status: statusCode, message: statusMessage, headers: rawHeaders, httpVersion });
    response.on('data', (chunk: Buffer) => {
      this.#events.data(chunk);
    });
    response.on('end', () => {
      if (!response.complete) return;
      this.#finish(() => {
        this.#events.end(response.rawTrailers);
      });
    });
    // A response cut short: an error and a close, or only a close.
    response.on('error', (error) => {
      this.#fail(asCut(error));
    });
    response.on('close', () => {
      if (!this.#isDone) this.#fail(asCut(new Error()));
    });
  }

  #retryOrFail(request: ClientRequest, error: NodeJS.ErrnoException): void {
    // Bytes behind a complete response are the upstream's error, not this exchange's.
    if (this.#response?.complete === true) return;
    const isStale = request.reusedSocket && this.#response === undefined && isDisconnect(error);
    if (this.#isDone || !isStale || !this.#isRepeatable || this.#attempts > MAX_STALE_RETRIES) {
      this.#fail(error);
      return;
    }
    const { target, pinnedTo, forwardedTo } = this.#outgoing;
    this.#agent.dropIdle(poolKeyOf(target, pinnedTo, forwardedTo));
    this.start();
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

function asCut(error: NodeJS.ErrnoException): Error {
  if (error.code !== undefined && error.code !== 'ECONNRESET' && !error.message.includes('aborted'))
    return error;
  return Object.assign(new Error('the upstream closed the connection before the response was complete'), {
    code: 'ERR_UPSTREAM_CUT',
  });
}

function toPairs(trailers: RawHeaders): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < trailers.length; index += 2)
    pairs.push([trailers[index] ?? '', trailers[index + 1] ?? '']);
  return pairs;
}
