import type { Duplex } from 'node:stream';
import type { ExchangeError } from '../../model/exchange.ts';
import type { AfterWritten } from '../../model/events.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import { ignoreFailedWrites } from '../endpoint.ts';
import { Flow } from './flow.ts';
import type { Http1Exchange } from './http1-exchange.ts';
import { Outlet } from './outlet.ts';
import type { ResponseHandler } from './response-handler.ts';
import type { ResponseHead } from './reader/message-head.ts';
import { MessageReader } from './reader/message-reader.ts';
import type { Piece, UnparsedPiece } from './reader/piece.ts';
import { whenEnded } from './when-ended.ts';

interface UpstreamSideParts {
  /** Where responses go. */
  readonly client: Outlet;
  readonly afterWritten: AfterWritten;
  readonly handler: ResponseHandler;
  /** The upstream takes more of requests again. */
  readonly onDrain: () => void;
  /** It speaks TLS, where anybody can end a connection. */
  readonly secure: boolean;
}

/** The upstream's half of a connection: reads responses, and sends them on as they came. */
export class UpstreamSide {
  readonly outlet: Outlet;
  readonly connection: UpstreamConnection;
  readonly #parts: UpstreamSideParts;
  readonly #stream: Duplex;
  readonly #flow: Flow;
  readonly #stopWaiting: () => void;
  readonly #reader = new MessageReader('response');
  /** Requests that were sent, and their responses have not ended. */
  readonly #queue: Http1Exchange[] = [];
  /** Bytes of a response that were read and not given to the client's side yet. */
  #staged: Buffer[] = [];
  #isOpaque = false;
  #hasBegun = false;
  #isReleased = false;
  #isBehind = false;
  #isDecoding = false;
  #hasWriteFailed = false;

  constructor(connection: UpstreamConnection, parts: UpstreamSideParts) {
    this.connection = connection;
    this.#parts = parts;
    this.#stream = connection.stream;
    this.#flow = new Flow(connection);
    this.outlet = new Outlet(connection, parts.onDrain);
    ignoreFailedWrites(this.#stream, () => {
      this.#hasWriteFailed = true;
      if (this.#stream.readableEnded) this.#stream.destroy();
    });
    this.#stream.on('data', this.#onData);
    this.#stopWaiting = whenEnded(connection, this.#onEnd);
    this.#stream.on('error', this.#onError);
    this.#stream.on('close', this.#onClose);
    this.#flow.resume(); // Whoever had the stream before may have left it paused.
  }

  /** Exchanges whose responses are awaited or coming, the oldest first. */
  get inFlight(): readonly Http1Exchange[] {
    return this.#queue;
  }

  /** Something came since the last request was sent, be it less than a head. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get isGone(): boolean {
    return this.#stream.destroyed || this.#stream.readableEnded;
  }

  /** The next request that is sent here. */
  expect(exchange: Http1Exchange): void {
    this.#hasBegun = false;
    this.#queue.push(exchange);
  }

  /** The client takes more of responses again. */
  readonly resume = (): void => {
    this.#isBehind = false;
    this.#updateFlow();
  };

  /** States for all that is in flight why it failed. */
  failAll(error: ExchangeError): void {
    for (const exchange of this.#queue.splice(0)) exchange.recorder.failed(error);
  }

  /** No response can be booked on what is in flight. */
  leaveUnparsed(): void {
    for (const exchange of this.#queue.splice(0))
      exchange.recorder.unparsed('what answers it on its connection cannot be parsed');
  }

  /** Reads nothing more: the stream is another's, with what was not used of it. */
  release(): void {
    this.#isReleased = true;
    this.#stream.off('data', this.#onData);
    this.#stopWaiting();
    this.#stream.off('error', this.#onError);
    this.#stream.off('close', this.#onClose);
    this.#stream.pause();
    const rest = this.#reader.takeRest();
    if (rest.length > 0) this.#stream.unshift(rest);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#hasBegun = true;
    this.#reader.push(chunk);
    this.#read();
  };

  readonly #onEnd = (): void => {
    const [exchange] = this.#queue;
    const ending = this.#isOpaque ? 'idle' : this.#reader.finish();
    if (ending === 'end' && exchange !== undefined) {
      this.#queue.shift();
      this.#complete(exchange, [], this.#parts.secure ? 'unknown' : true);
    } else if (ending === 'cut') {
      this.#pass(this.#reader.takeRest());
      this.#passOn();
    }
    this.#parts.handler.ended(ending === 'cut' || this.#queue.length > 0);
  };

  readonly #onError = (error: Error): void => {
    this.#leave(error);
  };

  /** Where both sides have ended, all has been said. */
  readonly #onClose = (): void => {
    if (this.#hasWriteFailed) this.#leave(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    else if (!this.#stream.readableEnded) this.#leave(undefined);
  };

  #leave(error: Error | undefined): void {
    if (this.#isReleased) return;
    this.#pass(this.#reader.takeRest());
    this.#passOn();
    this.release();
    this.#parts.handler.gone(error);
  }

  #read(): void {
    while (!this.#isReleased) {
      this.#reader.answering = this.#queue[0]?.method;
      const piece = this.#reader.next();
      if (piece === undefined) break;
      this.#take(piece);
    }
    this.#passOn();
  }

  #take(piece: Piece): void {
    const [exchange] = this.#queue;
    switch (piece.type) {
      case 'head':
        this.#takeHead(piece.head as ResponseHead, piece.bytes, exchange);
        break;
      case 'body':
        if (piece.content !== undefined && exchange?.recorder.responseBody?.update(piece.content) === false)
          this.#waitForDecoder(exchange);
        this.#pass(piece.bytes);
        break;
      case 'end':
        this.#pass(piece.bytes);
        if (exchange === undefined) break;
        this.#queue.shift();
        this.#complete(exchange, piece.trailers, true);
        break;
      case 'unparsed':
        this.#takeUnparsed(piece, exchange);
        break;
    }
  }

  #takeHead(head: ResponseHead, bytes: Buffer, exchange: Http1Exchange | undefined): void {
    if (exchange === undefined) {
      if (this.#parts.handler.unasked()) this.#pass(bytes);
      else this.release();
      return;
    }
    if (head.isInterim) {
      this.#pass(bytes);
      return;
    }
    exchange.response = head;
    if (!this.#parts.handler.responded(exchange, head)) {
      this.release();
      return;
    }
    this.#recordHead(exchange, head);
    this.#pass(bytes);
    if (head.framing.kind !== 'switched') return;
    this.#queue.shift();
    if (exchange.method === 'CONNECT') {
      this.#complete(exchange, [], true);
      return;
    }
    this.#passOn();
    this.#tellSwitched(exchange);
  }

  #recordHead(exchange: Http1Exchange | undefined, head: ResponseHead): void {
    const { status, reason: message, headers, version: httpVersion, oddities } = head;
    exchange?.recorder.responded({ status, message, headers, httpVersion, oddities }, 'upstream');
  }

  #takeUnparsed({ bytes, reason, start }: UnparsedPiece, exchange: Http1Exchange | undefined): void {
    if (!this.#isOpaque) {
      if (exchange === undefined && !this.#parts.handler.unasked()) {
        this.release();
        return;
      }
      this.#isOpaque = true;
      this.#queue.shift();
      if (start !== undefined) this.#recordHead(exchange, start as ResponseHead);
      exchange?.recorder.unparsed(reason);
      const gate = this.#parts.client.hold();
      this.#parts.afterWritten(() => {
        gate.release();
      }, this.#parts.handler.failedClosed);
      this.#parts.handler.unparsed(reason);
    }
    this.#pass(bytes);
  }

  /** The end of a response waits until it is recorded, and what follows it waits too. */
  #complete(exchange: Http1Exchange, trailers: readonly string[], complete: true | 'unknown'): void {
    const { client, afterWritten, handler } = this.#parts;
    const gate = client.hold();
    this.#passOn();
    const fail = (): void => {
      handler.failedClosed();
    };
    const release = (): void => {
      afterWritten(() => {
        gate.release();
        if (exchange.response?.framing.kind === 'switched') this.#tellSwitched(exchange);
        else handler.answered(exchange);
      }, fail);
    };
    try {
      const recorded = exchange.recorder.completed(trailers, { complete });
      if (recorded === undefined) release();
      else recorded.then(release).catch(fail);
    } catch {
      fail();
    }
  }

  #tellSwitched(exchange: Http1Exchange): void {
    const { client, handler } = this.#parts;
    client.afterReleased(() => {
      handler.switched(exchange);
    });
  }

  #waitForDecoder({ recorder }: Http1Exchange): void {
    this.#isDecoding = true;
    recorder.responseBody?.onDrain(() => {
      this.#isDecoding = false;
      this.#updateFlow();
    });
  }

  #pass(bytes: Buffer): void {
    if (bytes.length > 0) this.#staged.push(bytes);
  }

  #passOn(): void {
    const { client } = this.#parts;
    for (const bytes of this.#staged) client.write(bytes);
    this.#staged.length = 0;
    this.#isBehind = client.flush();
    this.#updateFlow();
  }

  #updateFlow(): void {
    if (this.#isReleased) return;
    if (this.#isBehind || this.#isDecoding) this.#flow.pause();
    else this.#flow.resume();
  }
}
