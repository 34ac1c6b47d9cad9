import type { IncomingMessage } from 'node:http';
import { ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExchangeError } from '../../model/exchange.ts';
import type { ClientConnection } from '../connection.ts';
import { redactNames } from '../exchange/used-names.ts';
import { formatAuthority } from '../front/authority.ts';
import { LoopError } from '../loop-guard.ts';
import type { Destination, Via } from '../types.ts';
import { UpstreamAgent } from '../upstream/agent.ts';
import { isForwarding, type Dialler } from '../upstream/dial.ts';
import { describeCertificateFailure, describeUpstreamFailure } from '../upstream/failures.ts';
import { sendHttp1 } from '../upstream/http1.ts';
import { sendHttp2 } from '../upstream/http2.ts';
import { Http2Sessions } from '../upstream/http2-sessions.ts';
import { Http1Client } from './client-http1.ts';
import { Http2Client } from './client-http2.ts';
import { ExchangeRecorder, type ExchangeContext } from '../exchange/exchange-recorder.ts';
import { readRequest, urlOf } from './outgoing.ts';
import { buildOwnResponse, deliver } from './own-response.ts';
import { pump } from './pump.ts';
import type { Client, OutgoingRequest, Upstream, UpstreamEvents } from './sides.ts';
import { forwardUpgrade } from './upgrade.ts';
import { valuesOf } from '../exchange/raw-headers.ts';

const SETTLE_POLL_MS = 5;

/** Sends every request on to its upstream and states the facts about it. */
export class Forwarder {
  readonly agent: UpstreamAgent;
  readonly sessions: Http2Sessions;
  readonly #context: ExchangeContext;
  readonly #proxyFor: Dialler['proxyFor'];
  readonly #refuse: (connection: ClientConnection, reason: string) => void;
  #exchanges = 0;

  constructor(
    context: Omit<ExchangeContext, 'inFlight'>,
    dialler: Pick<Dialler, 'dial' | 'proxyFor'> & {
      /** Told of each request that is answered with 400, and is no exchange. */
      readonly refuse: (connection: ClientConnection, reason: string) => void;
    },
  ) {
    this.#context = { ...context, inFlight: new Set() };
    this.#proxyFor = dialler.proxyFor;
    this.#refuse = dialler.refuse;
    this.agent = new UpstreamAgent(dialler.dial);
    this.sessions = new Http2Sessions(dialler.dial);
  }

  forward(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    connection: ClientConnection,
  ): void {
    const client =
      response instanceof ServerResponse
        ? new Http1Client(request as IncomingMessage, response)
        : new Http2Client(request as Http2ServerRequest, response);
    const outgoing = readRequest(client.body, connection);
    if ('refusal' in outgoing) {
      this.#refuse(connection, outgoing.refusal);
      deliver(client, buildOwnResponse(400, outgoing.refusal));
      return;
    }
    const record = this.#start(outgoing, connection, client);
    if (record === undefined) return;
    if (!outgoing.hasBody) record.requestBody.end();
    pump({
      client,
      record,
      expectsBody: outgoing.hasBody,
      send: (events) => this.#send(outgoing, watchForPinning(connection, events)),
      explain: (error) => this.#explain(error, outgoing, connection),
    });
  }

  upgrade(request: IncomingMessage, head: Buffer, connection: ClientConnection): void {
    const response = new ServerResponse(request);
    response.assignSocket(request.socket);
    response.shouldKeepAlive = false;
    // A refusal ends the connection, as it says. What the client has sent already must not break it off before that.
    response.once('finish', () => request.socket.end().resume());
    const client = new Http1Client(request, response);
    const outgoing = readRequest(request, connection);
    if ('refusal' in outgoing) {
      this.#refuse(connection, outgoing.refusal);
      deliver(client, buildOwnResponse(400, outgoing.refusal));
      return;
    }
    const record = this.#start(outgoing, connection, client);
    if (record === undefined) return;
    forwardUpgrade({
      agent: this.agent,
      outgoing,
      client,
      record,
      socket: request.socket,
      head,
      explain: (error) => this.#explain(error, outgoing, connection),
    });
  }

  /** States a CONNECT, or what SOCKS has for it, that would lead to ourselves; to be called before it is refused. */
  async refuseLoop(connection: ClientConnection, via: Via, destination: Destination): Promise<void> {
    const loop = describeUpstreamFailure(new LoopError());
    connection.open(via, destination, 'https');
    connection.error = loop;
    this.#exchanges += 1;
    const url = `https://${formatAuthority(destination, 'https')}/`;
    const record = new ExchangeRecorder(this.#context, `x${this.#exchanges}`, {
      connection,
      names: undefined,
      upstreamProxy: undefined,
      raw: { url, headers: [] },
      head: { method: 'CONNECT', url: this.#context.redaction.url(url), httpVersion: '1.1', headers: {} },
    });
    if (via !== 'socks5') record.responded(buildOwnResponse(508, loop.message).head, 'proxaudit');
    await record.completed([], loop);
  }

  /** Resolves when every exchange has stated how it ended, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.#context.inFlight.size > 0 && performance.now() < deadline) await sleep(SETTLE_POLL_MS);
  }

  destroy(): void {
    this.agent.destroy();
    this.sessions.destroy();
  }

  #start(
    outgoing: OutgoingRequest,
    connection: ClientConnection,
    client: Client,
  ): ExchangeRecorder | undefined {
    try {
      const { destination, target } = outgoing;
      const use = target.tls === undefined ? 'http' : 'https';
      connection.open('http', destination, use);
      this.#exchanges += 1;
      const url = urlOf(outgoing);
      return new ExchangeRecorder(this.#context, `x${this.#exchanges}`, {
        connection,
        names: outgoing.names && redactNames(outgoing.names, this.#context.redaction),
        upstreamProxy: this.#proxyFor(destination, use)?.shown,
        raw: { url, headers: outgoing.headers },
        head: {
          method: outgoing.method,
          url: this.#context.redaction.url(url),
          httpVersion: outgoing.httpVersion,
          headers: this.#context.redaction.headers(outgoing.headers),
        },
      });
    } catch {
      // Fail closed: what cannot be recorded does not leave.
      deliver(client, buildOwnResponse(502, 'the journal cannot be written, so nothing is sent on'));
      return undefined;
    }
  }

  async #send(outgoing: OutgoingRequest, events: UpstreamEvents): Promise<Upstream> {
    if (outgoing.httpVersion === '2') {
      const upstream = await sendHttp2(this.sessions, outgoing, events);
      if (upstream !== undefined) return upstream;
    }
    const { destination, target } = outgoing;
    const proxy = target.tls === undefined ? this.#proxyFor(destination, 'http') : undefined;
    if (proxy === undefined || !isForwarding(proxy)) return sendHttp1(this.agent, outgoing, events);
    const { sendByProxy } = await import('../upstream/proxies/send-by-proxy.ts');
    return sendByProxy(this.agent, { ...outgoing, forwardedTo: proxy }, events);
  }

  #explain(error: unknown, outgoing: OutgoingRequest, connection: ClientConnection): ExchangeError {
    const { host } = outgoing.destination;
    const certificate = describeCertificateFailure(error, host);
    if (certificate !== undefined) {
      this.#context.record({
        type: 'tls-failed',
        connectionId: connection.id,
        host,
        side: 'upstream',
        ...certificate,
      });
    }
    const failure = describeUpstreamFailure(error);
    return certificate === undefined
      ? failure
      : { ...failure, message: `${failure.message}; ${certificate.advice}` };
  }
}

/** NTLM and Negotiate authenticate a connection, not a request: from then on its upstream connection is its own. */
function watchForPinning(connection: ClientConnection, events: UpstreamEvents): UpstreamEvents {
  return {
    ...events,
    response(head) {
      if (
        head.status === 401 &&
        valuesOf(head.headers, 'www-authenticate').some((v) => /^(?:ntlm|negotiate)\b/i.test(v))
      ) {
        connection.pinned = true;
      }
      events.response(head);
    },
  };
}
