import { DeniedError } from '../../model/decision.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { RecordedRequest } from '../exchange/exchanges.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import { clientClosed, closedEarly } from './causes.ts';
import { ClientSide, type RequestHandler } from './client-side.ts';
import { resetEndpoint } from '../endpoint.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { judgePlainRequest } from './judge-request.ts';
import { answerAfterRecord, buildOwnAnswer, sendOwnAnswer, statusOf, type OwnAnswer } from './own-answer.ts';
import { parseAuthority } from '../authority.ts';
import { describeUnroutable, UNREADABLE, type PlainRoute } from './plain-route.ts';
import { refuseUnparsed, refuseUnroutable, replaceDemand } from './plain-refusals.ts';
import { UpstreamBranches, type Branch } from './upstream-branches.ts';
import type { RequestHead } from './reader/message-head.ts';
import { switchProtocols } from './switch-protocols.ts';
import { UpstreamSide } from './upstream-side.ts';
import type { PlainConnectionOptions, WireParts } from './wire-parts.ts';

/**
 * A client connection whose requests name where they go, as to any proxy: one after the other, each on the connection to
 * its destination.
 */
export class PlainConnection {
  readonly #parts: WireParts;
  readonly #options: PlainConnectionOptions;
  readonly #client: ClientSide;
  readonly #branches = new UpstreamBranches();
  #current: { readonly exchange: Http1Exchange; branch: Branch | undefined } | undefined;
  #hasClientEnded = false;
  /** No more requests are read: what is under way ends the connection. */
  #isClosing = false;
  #isReleased = false;

  constructor(parts: WireParts, options: PlainConnectionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#client = new ClientSide(options.client, {
      afterWritten: parts.afterWritten,
      onDrain: () => this.#current?.branch?.side.resume(),
      handler: {
        begin: this.#begin,
        unparsed: this.#refuseUnparsed,
        mayReadOn: () => this.#current === undefined && !this.#isClosing,
        ended: this.#endClient,
        gone: this.#abandon,
      },
    });
  }

  readonly #begin: RequestHandler['begin'] = (head, bytes, proceed) => {
    const { router } = this.#options;
    if (head.method === 'CONNECT' && this.#options.onConnect !== undefined) {
      this.#connect(head);
      return;
    }
    const route = router.route(head);
    if (typeof route === 'string') {
      this.#refuse(head, refuseUnroutable(route));
      return;
    }
    const { request, denial } = judgePlainRequest(this.#parts.decisions, route.request);
    const exchange = this.#start(head, request);
    if (exchange === undefined) return;
    if (denial !== undefined) {
      this.#answer(exchange, buildOwnAnswer(403, denial));
      return;
    }
    this.#current = { exchange, branch: undefined };
    const send = (branch: Branch): void => {
      if (this.#current?.exchange !== exchange || this.#isReleased) return;
      this.#current.branch = branch;
      branch.exchange = exchange;
      branch.side.expect(exchange);
      proceed({ exchange, upstream: branch.side.outlet, head: route.edit(head, bytes) });
    };
    this.#withBranch(route, send, exchange);
  };

  /** Has a request sent on the connection to its destination, which is dialled first where there is none. */
  #withBranch(route: PlainRoute, send: (branch: Branch) => void, exchange: Http1Exchange): void {
    const known = this.#branches.find(route.key);
    if (known !== undefined) {
      exchange.recorder.connected(undefined, known.side.connection.address);
      send(known);
      return;
    }
    this.#branches
      .dial(route, (upstream, branch) => this.#createSide(upstream, route.request, branch))
      .then((branch) => {
        const { timings, address } = branch.side.connection;
        if (this.#isReleased) this.#branches.forget(branch);
        else exchange.recorder.connected(timings, address);
        send(branch);
      })
      .catch((error: unknown) => {
        this.#failToDial(exchange, route, error);
      });
  }

  #failToDial(exchange: Http1Exchange, { request }: PlainRoute, error: unknown): void {
    if (this.#isReleased) return;
    if (error instanceof DeniedError) exchange.recorder.decided(error.decision);
    const failure = this.#parts.explainFailure(error, request.destination, this.#options.connection);
    this.#answer(exchange, buildOwnAnswer(statusOf(failure), failure, error));
  }

  #connect(head: RequestHead): void {
    const destination = parseAuthority(head.target);
    if (destination === undefined) {
      this.#refuse(head, refuseUnroutable('expected "CONNECT host:port HTTP/1.1"'));
      return;
    }
    this.#release();
    this.#client.outlet.release();
    this.#options.onConnect?.(destination, head);
  }

  #createSide(connection: UpstreamConnection, request: RecordedRequest, branch: () => Branch): UpstreamSide {
    return new UpstreamSide(connection, {
      client: this.#client.outlet,
      afterWritten: this.#parts.afterWritten,
      secure: request.secure,
      onDrain: this.#client.resume,
      handler: {
        responded: (exchange, head) => {
          const { side, route } = branch();
          if (head.status !== 407 || route.forwardingProxy === undefined) return true;
          side.connection.socket.destroy();
          this.#answer(exchange, replaceDemand(route.forwardingProxy, exchange.response));
          return false;
        },
        answered: (exchange) => {
          this.#noteAnswered(exchange, branch());
        },
        switched: (exchange) => {
          this.#switch(exchange, branch());
        },
        unparsed: (reason) => {
          this.#isClosing = true;
          this.#parts.recordUnparsed(this.#options.connection, reason);
        },
        unasked: () => {
          this.#dropUnasked(branch());
          return false;
        },
        ended: (isCut) => {
          this.#loseBranch(branch(), isCut ? this.#causeOfEnd : undefined);
        },
        gone: (error) => {
          const { connection } = this.#options;
          const failure = error && this.#parts.explainFailure(error, request.destination, connection);
          this.#loseBranch(branch(), failure ?? this.#causeOfEnd);
        },
        failedClosed: this.#failClosed,
      },
    });
  }

  #start(head: RequestHead, request: RecordedRequest): Http1Exchange | undefined {
    const { connection } = this.#options;
    try {
      connection.open('http', request.destination, { use: request.secure ? 'https' : 'http' });
      const exchange = new Http1Exchange(head, this.#parts.exchanges.start(connection, request));
      if (head.framing.kind === 'none') exchange.recorder.requestBody.end();
      return exchange;
    } catch {
      this.#failClosed();
      return undefined;
    }
  }

  #noteAnswered(exchange: Http1Exchange, branch: Branch): void {
    if (this.#current?.exchange !== exchange) return;
    this.#current = undefined;
    branch.endsClient = exchange.endsConnection;
    if (this.#hasClientEnded || (branch.endsClient && branch.side.isGone)) this.#close();
    else this.#client.readOn();
  }

  /** An upstream that ends once its client has ended goes along with it. */
  get #causeOfEnd(): ExchangeError {
    return this.#hasClientEnded ? clientClosed : closedEarly;
  }

  /** An upstream that ends when nothing is asked of it is forgotten: the next request dials anew. */
  #loseBranch(branch: Branch, error: ExchangeError | undefined): void {
    if (this.#isReleased) return;
    const isAsked = this.#current?.branch === branch;
    if (!isAsked) this.#loseIdle(branch);
    else if (branch.side.inFlight.length > 0 && error !== undefined) this.#endCut(branch, error);
    else {
      this.#branches.remove(branch);
      if (this.#isClosing) this.#close();
    }
  }

  /** An upstream that says what nobody asked for is not understood any more, nor is what is still sent to it. */
  #dropUnasked(branch: Branch): void {
    const { isUploading } = branch;
    branch.exchange?.endRequest();
    this.#branches.forget(branch);
    if (!isUploading) return;
    this.#release();
    this.#client.outlet.reset();
  }

  #loseIdle(branch: Branch): void {
    if (branch.isUploading && !branch.side.connection.stream.destroyed) {
      // It has answered early, and still reads: its connection ends with the client's.
      this.#isClosing = true;
      this.#client.outlet.end();
      return;
    }
    this.#branches.remove(branch);
    branch.exchange?.endRequest();
    if (this.#isClosing || branch.endsClient) this.#close();
    else branch.side.connection.socket.destroy();
  }

  /** Of a response that began the client sees as much as came; without one byte of it there is no end to be seen. */
  #endCut({ side }: Branch, error: ExchangeError): void {
    const isEnd = error === clientClosed || (side.hasBegun && error === closedEarly);
    side.failAll(error);
    const { outlet } = this.#client;
    this.#release();
    if (isEnd) outlet.end();
    else outlet.reset();
  }

  #switch(exchange: Http1Exchange, branch: Branch): void {
    this.#branches.remove(branch);
    branch.side.release();
    this.#release();
    switchProtocols(exchange, this.#options.client, branch.side.connection);
  }

  readonly #refuseUnparsed: RequestHandler['unparsed'] = (reason, _bytes, from) => {
    const answer = refuseUnparsed(reason);
    if (!(from instanceof Http1Exchange)) {
      this.#refuse(from ?? UNREADABLE, answer);
      return;
    }
    // What was sent on of it cannot be taken back.
    this.#current?.branch?.side.outlet.abort();
    this.#answer(from, answer);
  };

  #refuse(head: RequestHead, answer: OwnAnswer): void {
    const exchange = this.#start(head, describeUnroutable(head, this.#options.connection));
    if (exchange !== undefined) this.#answer(exchange, answer);
  }

  /** Nothing of this request goes on, and the connection ends with our answer. */
  #answer(exchange: Http1Exchange, answer: OwnAnswer): void {
    const { id: connection } = this.#options.connection;
    this.#parts.log.warn('refused a request', { connection, ...answer.error });
    this.#release();
    const send = (): void => {
      sendOwnAnswer(this.#client.outlet, answer, exchange.method);
    };
    answerAfterRecord(exchange.recorder, answer, { ...this.#parts, send, failClosed: this.#failClosed });
  }

  readonly #endClient = (): void => {
    this.#hasClientEnded = true;
    if (this.#current === undefined) this.#close();
    else this.#current.branch?.side.outlet.end();
  };

  #close(): void {
    this.#release();
    this.#client.outlet.end();
    this.#options.client.stream.resume();
  }

  /** The client is gone: what it has said goes out, and nothing more comes back. */
  readonly #abandon = (): void => {
    if (this.#isReleased) return;
    const { exchange, branch } = this.#current ?? {};
    exchange?.recorder.failed(clientClosed);
    if (branch !== undefined) this.#branches.remove(branch);
    branch?.side.outlet.reset();
    this.#branches.reset();
    this.#release();
  };

  readonly #failClosed = (): void => {
    this.#release();
    resetEndpoint(this.#options.client);
  };

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#client.release();
    this.#branches.close();
  }
}
