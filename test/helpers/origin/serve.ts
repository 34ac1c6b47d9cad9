import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Authority } from './authority.ts';
import { declineUpgrade, isOfferOnly } from './decline-upgrade.ts';
import { numberConnections } from './connections.ts';
import type { ObservedConnection } from './connections.ts';
import { listenOnLoopback } from './listening.ts';
import { describeRequest, observeRequest, observeResponse } from './observe.ts';
import type { BodyMeter, Observed } from './observe.ts';
import type { BodyFacts } from './random.ts';

/** One exchange as a route gets it. HTTP/2 requests come through Node's compatible interface. */
export interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly observed: Observed;
  /** `scheme://host` as the client named this server. */
  readonly base: string;
  readonly url: URL;
  /** Resolves when the request body ended or broke; start reading with `request.resume()` or a pipe. */
  readonly body: Promise<BodyFacts>;
  /** Told of body bytes by routes that write to the socket themselves. */
  readonly sent: BodyMeter;
  /** The client waits for 100 Continue and the server was told to leave that to the route. */
  readonly continueAsked: boolean;
}

export interface ServeOptions {
  readonly authority: Authority;
  /** Names in the certificate; 127.0.0.1 and localhost are always there. */
  readonly names: readonly string[];
  /** Waited before each response. Default 0. */
  readonly delayMs?: number;
  /** The route answers `Expect: 100-continue` itself. Default false. */
  readonly manualContinue?: boolean;
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer, observed: Observed) => void;
  handle(served: Served): void | Promise<void>;
}

/** A server that logs what it saw by itself. `https` speaks h2 and http/1.1, `https1` only http/1.1, `h2c` h2 without TLS. */
export interface LocalServer {
  readonly ports: Readonly<Record<'http' | 'https' | 'https1' | 'h2c', number>>;
  readonly log: readonly Observed[];
  readonly connections: readonly ObservedConnection[];
  /** Waits until no exchange is under way, at most 10 s. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const limits = { maxHeaderSize: 4 << 20, requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 120_000 };

/** Serves `options.handle` on 127.0.0.1 by HTTP/1.1, HTTPS with ALPN, HTTPS without HTTP/2, and HTTP/2 without TLS. */
export async function serve(options: ServeOptions): Promise<LocalServer> {
  const log: Observed[] = [];
  const leaf = options.authority.issue({ names: [...options.names, 'localhost', '127.0.0.1'] });
  const h2 = {
    settings: { maxHeaderListSize: 4 << 20, maxConcurrentStreams: 1000 },
    allowHTTP1: true as const,
  };
  const servers = {
    http: createServer(limits),
    https: createSecureServer({ ...leaf, ...h2, http1Options: limits, ...limits } as object),
    https1: createTlsServer({ ...leaf, ...limits, ALPNProtocols: ['http/1.1'] }),
    h2c: createHttp2Server({ settings: h2.settings }),
  };
  const { connections, numberOf } = numberConnections(servers);
  for (const [name, server] of Object.entries(servers)) {
    const scheme = name.startsWith('https') ? 'https' : 'http';
    const identify = (request: IncomingMessage) =>
      ({ seq: log.length + 1, connection: numberOf(request, name), scheme }) as const;
    attach(server, options, (request) => {
      const observed = describeRequest(request, identify(request));
      log.push(observed);
      return observed;
    });
  }
  const [http, https, https1, h2c] = await Promise.all(
    [servers.http, servers.https, servers.https1, servers.h2c].map(listenOnLoopback),
  );
  if (!http || !https || !https1 || !h2c) throw new Error('a server did not start');
  return {
    ports: { http: http.port, https: https.port, https1: https1.port, h2c: h2c.port },
    log,
    connections,
    settled: () => untilDone(log),
    close: async () => void (await Promise.all([http, https, https1, h2c].map((server) => server.close()))),
  };
}

function attach(server: Server, options: ServeOptions, note: (request: IncomingMessage) => Observed): void {
  const listener =
    (continueAsked: boolean): RequestListener =>
    (request, response) => {
      const observed = note(request);
      void answer(options, { request, response, observed, continueAsked });
    };
  server.on('request', listener(false));
  server.on('checkContinue', listener(true));
  const { upgrade } = options;
  if (upgrade) {
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      if (isOfferOnly(request)) listener(false)(request, declineUpgrade(request, socket));
      else upgrade(request, socket, head, note(request));
    });
  }
  server.on('clientError', (_error, socket: Duplex) => socket.destroy());
  // Half-closed clients still get their answer.
  Object.assign(server, { httpAllowHalfOpen: true });
}

type Arrival = Pick<Served, 'request' | 'response' | 'observed' | 'continueAsked'>;

async function answer(options: ServeOptions, arrival: Arrival): Promise<void> {
  const { request, response, observed } = arrival;
  response.on('error', () => undefined);
  const body = observeRequest(request, observed);
  const sent = observeResponse(response, observed);
  const base = `${observed.scheme}://${observed.host}`;
  try {
    if (arrival.continueAsked && !options.manualContinue) response.writeContinue();
    if (options.delayMs) await sleep(options.delayMs);
    await options.handle({ ...arrival, body, sent, base, url: new URL(observed.path, base) });
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    if (!response.writableEnded) response.end(`${String(error)}\n`);
  }
}

async function untilDone(log: readonly Observed[]): Promise<void> {
  for (let turn = 0; turn < 1000; turn += 1) {
    if (log.every((observed) => observed.done)) return;
    await sleep(10);
  }
}
