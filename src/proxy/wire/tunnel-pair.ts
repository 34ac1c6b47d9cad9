import type { ExchangeError } from '../../model/exchange.ts';
import type { ClientConnection } from '../connection.ts';
import type { Tunnel } from '../tunnel.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import { clientClosed, closedEarly } from './causes.ts';
import { ClientSide, type Sending } from './client-side.ts';
import { denialOf } from './denial.ts';
import { resetEndpoint, type Endpoint } from './endpoint.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { nameUpgrade } from './name-upgrade.ts';
import { buildOwnAnswer, recordOwnAnswer, sendOwnAnswer, type OwnStatus } from './own-answer.ts';
import type { RequestHead } from './reader/message-head.ts';
import { relay } from './relay.ts';
import { describeTunnelRequest } from './request-target.ts';
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
  /** The upstream cannot be understood any more: no response is booked on a request. */
  #areResponsesOpaque = false;
  #hasClientEnded = false;
  /** The connection is left to a relay, to our own answer, or to nobody. */
  #isReleased = false;

  constructor(parts: WireParts, options: TunnelPairOptions) {
    this.#parts = parts;
    this.#options = options;
    const { client, upstream, tunnel } = options;
    this.#timings = upstream.timings;
    this.#client = new ClientSide(client, {
      afterWritten: parts.afterWritten,
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
    this.#upstream = new UpstreamSide(upstream, {
      client: this.#client.outlet,
      afterWritten: parts.afterWritten,
      secure: tunnel.secure,
      onDrain: this.#client.resume,
      handler: {
        responded: () => true,
        answered: () => {
          this.#answerNext();
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
    const { tunnel } = this.#options;
    this.#parts.onRequest(this.#options.connection, tunnel);
    const { host, port } = tunnel.destination;
    const { url } = describeTunnelRequest(head, tunnel);
    const decision = this.#parts.decisions.decide({ stage: 'request', host, port, method: head.method, url });
    const exchange = this.#start(head, decision === 'need-more' ? undefined : decision);
    if (exchange === undefined) return;
    this.#upstream.expect(exchange);
    const send = (): void => {
      if (this.#isReleased) return;
      proceed({ exchange, upstream: this.#upstream.outlet, head: bytes });
      if (this.#areResponsesOpaque) this.#upstream.leaveUnparsed();
    };
    const answer = (status: OwnStatus, error: ExchangeError): void => {
      exchange.ownAnswer = buildOwnAnswer(status, error);
      this.#answerNext();
    };
    const denial = denialOf(decision);
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
  #start(head: RequestHead, decision?: Parameters<typeof denialOf>[0]): Http1Exchange | undefined {
    const { connection, tunnel, upstream, unverifiedTls } = this.#options;
    const request = describeTunnelRequest(head, tunnel);
    try {
      const recorder = this.#parts.exchanges.start(connection, {
        ...request,
        ...(decision === undefined || decision === 'need-more' ? {} : { decision }),
      });
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
    const recorded = recordOwnAnswer(next.recorder, ownAnswer);
    const inOrder = (): void => {
      this.#parts.afterWritten(send, this.#failClosed);
    };
    if (recorded === undefined) inOrder();
    else recorded.then(inOrder).catch(this.#failClosed);
  }

  #switch(exchange: Http1Exchange): void {
    const { connection, tunnel, client, upstream } = this.#options;
    this.#release();
    if (exchange.method === 'CONNECT') {
      const authority = exchange.request.target;
      this.#parts.enterInnerTunnel({ connection, authority, outer: tunnel, client, upstream });
      return;
    }
    const protocol = nameUpgrade(exchange);
    const bytes = relay(client, upstream, () => {
      ignoreFailedJournal(() => {
        exchange.recorder.upgraded(protocol, bytes);
      });
    });
  }

  /** Bytes of requests that readers take differently go on as they come, and no later response can be booked on one. */
  #passRequestsUnparsed(reason: string, bytes: Buffer, from: Http1Exchange | RequestHead | undefined): void {
    const { connection, client, upstream } = this.#options;
    const exchange = from === undefined || from instanceof Http1Exchange ? from : this.#start(from);
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

function ignoreFailedJournal(record: () => void): void {
  try {
    record();
  } catch {
    // Whoever fails to write to the journal first reports that.
  }
}
