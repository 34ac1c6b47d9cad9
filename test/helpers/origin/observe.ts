import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyFacts } from './random.ts';

/** One exchange as the origin saw it, written down without any knowledge of a proxy. */
export interface Observed {
  /** 1, 2, 3… in order of arrival. */
  readonly seq: number;
  readonly connection: number;
  readonly scheme: 'http' | 'https';
  /** `Host` or `:authority`. */
  readonly host: string;
  readonly method: string;
  /** As sent, with its query. */
  readonly path: string;
  readonly httpVersion: string;
  /** In the order and case received. */
  readonly headers: readonly (readonly [string, string])[];
  readonly requestBody: BodyFacts;
  readonly requestTrailers: Record<string, string>;
  /** 0 until a response head is sent. */
  status: number;
  /** After transfer coding, before content decoding; a HEAD, 204 or 304 has none. */
  readonly responseBody: BodyFacts;
  /** True when the exchange is over, whether or not it went well. */
  done: boolean;
}

export interface ObservedIdentity {
  readonly seq: number;
  readonly connection: number;
  readonly scheme: 'http' | 'https';
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[index * 2] ?? '',
    raw[index * 2 + 1] ?? '',
  ]);
}

export function describeRequest(request: IncomingMessage, identity: ObservedIdentity): Observed {
  return {
    ...identity,
    host: request.headers.host ?? String(request.headers[':authority'] ?? ''),
    method: request.method ?? '',
    path: request.url ?? '',
    httpVersion: request.httpVersion === '2.0' ? '2' : request.httpVersion,
    headers: pairsOf(request.rawHeaders),
    requestBody: emptyBody(),
    requestTrailers: {},
    status: 0,
    responseBody: emptyBody(),
    done: false,
  };
}

export interface BodyMeter {
  readonly add: (chunk: Uint8Array | string) => void;
  /** States the digest and whether the body was whole; only the first call counts. */
  readonly finish: (complete: boolean) => void;
}

/** Digests into `facts` as data arrives. */
function bodyMeter(facts: BodyFacts): BodyMeter {
  const hash = createHash('sha256');
  let finished = false;
  return {
    add(chunk) {
      if (finished) return;
      hash.update(chunk);
      facts.size += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
    },
    finish(complete) {
      if (finished) return;
      finished = true;
      facts.sha256 = hash.digest('hex');
      facts.complete = complete;
    },
  };
}

/** Digests the request body as the route reads it; resolves when it ended or broke. */
export function observeRequest(request: IncomingMessage, observed: Observed): Promise<BodyFacts> {
  const meter = bodyMeter(observed.requestBody);
  request.pause();
  request.on('data', (chunk: Buffer) => meter.add(chunk));
  return new Promise((resolve) => {
    const finish = (complete: boolean): void => {
      meter.finish(complete);
      Object.assign(observed.requestTrailers, request.trailers);
      resolve(observed.requestBody);
    };
    request.once('end', () => finish(true));
    request.once('error', () => finish(false));
    request.once('close', () => finish(false));
  });
}

/** Digests what the route writes. Returns the meter for routes that write to the socket themselves. */
export function observeResponse(response: ServerResponse, observed: Observed): BodyMeter {
  const meter = bodyMeter(observed.responseBody);
  const add = (chunk: unknown): void => {
    const bodiless = observed.method === 'HEAD' || response.statusCode === 204 || response.statusCode === 304;
    if (!bodiless && (typeof chunk === 'string' || chunk instanceof Uint8Array)) meter.add(chunk);
  };
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  // The HTTP/2 response ends by calling its own `write`, the HTTP/1 one does not.
  const endWrites = observed.httpVersion === '2';
  response.write = (...args: unknown[]) => {
    add(args[0]);
    return write(...args);
  };
  response.end = (...args: unknown[]) => {
    if (!endWrites) add(args[0]);
    return end(...args);
  };
  const finish = (complete: boolean): void => {
    meter.finish(complete);
    observed.status ||= response.headersSent ? response.statusCode : 0;
    observed.done = true;
  };
  response.once('finish', () => finish(true));
  response.once('close', () => finish(false));
  return { add, finish };
}

const emptyBody = (): BodyFacts => ({ size: 0, sha256: '', complete: false });
