import type { ExchangeError } from '../../model/exchange.ts';
import type { ClientConnection } from '../connection.ts';
import type { RecordedRequest } from '../exchange/exchanges.ts';
import type { Tunnel } from '../tunnel.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import { clientClosed, closedEarly } from './causes.ts';
import { ClientSide, type Sending } from './client-side.ts';
import { resetEndpoint, type Endpoint } from '../endpoint.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { judgeRequest } from './judge-request.ts';
import { answerAfterRecord, buildOwnAnswer, sendOwnAnswer, type OwnStatus } from './own-answer.ts';
import type { RequestHead } from './reader/message-head.ts';
import { relay } from './relay.ts';
import { describeTunnelRequest } from './request-target.ts';
import { switchProtocols } from './switch-protocols.ts';
import { UpstreamSide } from './upstream-side.ts';
import type { WireParts } from './wire-parts.ts';

/** Requests that may be unanswered at once (pipelining); a client that sends more waits. */
const MAX_UNANSWERED = 64;

interface TunnelPairOptions {
  readonly connection: ClientConnection;
  readonly tunnel: Tunnel;
  readonly client: Endpoint;
  readonly upstream: UpstreamConnection;
  /** Why its certificate was not accepted. */
  readonly unverifiedTls?: string | undefined;
}

/** A client connection and its upstream connection, which carry HTTP/1.x in a tunnel, and live and end together. */
export class TunnelPair {
  readonly #parts: WireParts;
  readonly #options: TunnelPairOptions;
  readonly #client: ClientSide;
  readonly #upstream: UpstreamSide;
  #timings: DialTimings | undefined;
  /** A request came. */
  #hasBegun = false;
  /** The upstream cannot be understood any more: no response is booked on a request. */
  #areResponsesOpaque = false;
  #hasClientEnded = false;
  /** The connection is left to a relay, to our own answer, or to nobody. */
  #isReleased = false;

  constructor(parts: WireParts, options: TunnelPairOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#timings = options.upstream.timings;
    this.#client = this.#createClient();
    this.#upstream = this.#createUpstream();
  }

  #createClient(): ClientSide {
    return new ClientSide(this.#options.client, {
      afterWritten: this.#parts.afterWritten,
      onDrain: () => {
        this.#upstream.resume();
      },
      handler: {
        begin: (head, bytes, proceed) => {
          this.#begin(head, bytes, proceed);
        },
        unparsed: (reason, bytes, from) => {
          this.#passRequestsUnparsed(reason, bytes, from);
        },
        mayReadOn: () => this.#mayReadOn(),
        ended: () => {
          this.#hasClientEnded = true;
          this.#upstream.outlet.end();
        },
        gone: () => {
          this.#abandon();
        },
      },
    });
  }

  #createUpstream(): UpstreamSide {
    return new UpstreamSide(this.#options.upstream, {
      client: this.#client.outlet,
      afterWritten: this.#parts.afterWritten,
      secure: this.#options.tunnel.secure,
      onDrain: this.#client.resume,
      handler: {
        responded: () => true,
        answered: (exchange) => {
          // What is behind the last response would be taken for a part of it.
          if (!exchange.endsConnection) this.#answerNext();
          this.#client.readOn();
        },
        switched: (exchange) => {
          this.#switch(exchange);
        },
        unparsed: (reason) => {
          this.#passResponsesUnparsed(reason);
        },
        unasked: () => true,
        ended: (isCut) => {
          if (isCut) this.#upstream.failAll(this.#causeOfEnd);
          this.#client.outlet.end();
        },
        gone: (error) => {
          this.#loseUpstream(error);
        },
        failedClosed: this.#failClosed,
      },
    });
  }

  #mayReadOn(): boolean {
    const { inFlight } = this.#upstream;
    return inFlight.length < MAX_UNANSWERED && inFlight.at(-1)?.asksToSwitch !== true;
  }

  #begin(head: RequestHead, bytes: Buffer, proceed: (sending: Sending) => void): void {
    const { connection, tunnel } = this.#options;
    if (!this.#hasBegun) this.#parts.onRequest(connection, tunnel);
    this.#hasBegun = true;
    const { request, denial } = judgeRequest(this.#parts.decisions, describeTunnelRequest(head, tunnel));
    const exchange = this.#start(head, request);
    if (exchange === undefined) return;
    this.#upstream.expect(exchange);
    const send = (): void => {
      if (this.#isReleased) return;
      proceed({ exchange, upstream: this.#upstream.outlet, head: bytes });
      if (this.#areResponsesOpaque) this.#upstream.leaveUnparsed();
    };
    const answer = (status: OwnStatus, error: ExchangeError): void => {
      if (this.#areResponsesOpaque) this.#refuseOpaque(error);
      exchange.ownAnswer = buildOwnAnswer(status, error);
      this.#answerNext();
    };
    if (denial !== undefined) {
      answer(403, denial);
    } else if (head.method !== 'CONNECT') {
      send();
    } else {
      this.#parts
        .refuseInnerTunnel(head.target)
        .then((refusal) => {
          if (refusal === undefined) send();
          else answer(refusal.status, refusal.error);
        })
        .catch(this.#failClosed);
    }
  }

  /** Undefined: the journal has failed, and the connection with it. */
  #start(head: RequestHead, request: RecordedRequest): Http1Exchange | undefined {
    const { connection, upstream, unverifiedTls } = this.#options;
    try {
      const recorder = this.#parts.exchanges.start(connection, request);
      recorder.connected(this.#timings, upstream.address, unverifiedTls);
      this.#timings = undefined;
      return new Http1Exchange(head, recorder);
    } catch {
      this.#failClosed();
      return undefined;
    }
  }

  /** Our own answer waits for the responses to earlier requests; nothing is read after it. */
  #answerNext(): void {
    const [next] = this.#upstream.inFlight;
    if (next?.ownAnswer === undefined || this.#isReleased) return;
    const { ownAnswer } = next;
    this.#release();
    const send = (): void => {
      sendOwnAnswer(this.#client.outlet, ownAnswer, next.method);
      this.#upstream.outlet.reset();
    };
    answerAfterRecord(next.recorder, ownAnswer, { ...this.#parts, send, failClosed: this.#failClosed });
  }

  /** Nobody knows where an answer of ours would stand among responses that cannot be parsed. */
  #refuseOpaque(error: ExchangeError): void {
    this.#upstream.failAll(error);
    this.#failClosed();
  }

  #switch(exchange: Http1Exchange): void {
    const { connection, tunnel, client, upstream } = this.#options;
    this.#release();
    if (exchange.method === 'CONNECT') {
      const authority = exchange.request.target;
      this.#parts.enterInnerTunnel({ connection, authority, outer: tunnel, client, upstream });
      return;
    }
    switchProtocols(exchange, client, upstream);
  }

  /** Bytes of requests that readers take differently go on as they come, and no later response can be booked on one. */
  #passRequestsUnparsed(reason: string, bytes: Buffer, from: Http1Exchange | RequestHead | undefined): void {
    const { connection, tunnel, client, upstream } = this.#options;
    const exchange =
      from === undefined || from instanceof Http1Exchange
        ? from
        : this.#start(from, describeTunnelRequest(from, tunnel));
    if (this.#isReleased) return;
    exchange?.recorder.unparsed(reason);
    this.#parts.recordUnparsed(this.#options.connection, reason);
    this.#parts.log.warn('a request cannot be parsed', { connection: connection.id, reason });
    this.#upstream.leaveUnparsed();
    this.#release();
    const gate = this.#upstream.outlet.hold();
    this.#upstream.outlet.write(bytes);
    this.#parts.afterWritten(() => {
      gate.release();
    }, this.#failClosed);
    this.#upstream.outlet.afterReleased(() => {
      this.#client.outlet.afterReleased(() => {
        relay(client, upstream);
      });
    });
  }

  #passResponsesUnparsed(reason: string): void {
    this.#areResponsesOpaque = true;
    this.#parts.recordUnparsed(this.#options.connection, reason);
    this.#parts.log.warn('a response cannot be parsed', { connection: this.#options.connection.id, reason });
    this.#upstream.leaveUnparsed();
  }

  /** The client is gone: what it has said goes out, and nothing more comes back. */
  #abandon(): void {
    if (this.#isReleased) return;
    this.#upstream.failAll(clientClosed);
    this.#isReleased = true;
    this.#upstream.outlet.reset();
  }

  /** An upstream that ends once its client has ended goes along with it. */
  get #causeOfEnd(): ExchangeError {
    return this.#hasClientEnded ? clientClosed : closedEarly;
  }

  #loseUpstream(error: Error | undefined): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    const { connection, tunnel } = this.#options;
    const failure = error && this.#parts.explainFailure(error, tunnel.destination, connection);
    this.#upstream.failAll(failure ?? this.#causeOfEnd);
    this.#client.release();
    this.#client.outlet.reset();
  }

  readonly #failClosed = (): void => {
    if (!this.#isReleased) this.#release();
    resetEndpoint(this.#options.client);
    resetEndpoint(this.#options.upstream);
  };

  #release(): void {
    this.#isReleased = true;
    this.#client.release();
    this.#upstream.release();
  }
}
