import type { Duplex } from 'node:stream';
import type { AfterWritten } from '../../model/events.ts';
import type { Endpoint } from '../endpoint.ts';
import { Flow } from './flow.ts';
import type { Http1Exchange } from './http1-exchange.ts';
import { Outlet } from './outlet.ts';
import type { RequestHead } from './reader/message-head.ts';
import { MessageReader } from './reader/message-reader.ts';
import type { Piece } from './reader/piece.ts';
import { whenEnded } from './when-ended.ts';

/** Bytes of a client that are read before its earlier requests allow to go on. */
const MAX_AHEAD = 1024 * 1024;
const ENDED_WITHIN_HEAD = 'the client ended its side within a head';

/** Where the request goes that is being read. */
export interface Sending {
  readonly exchange: Http1Exchange;
  readonly upstream: Outlet;
  /** The head as it goes on. */
  readonly head: Buffer;
}

/** What decides about requests, and is told what becomes of their connection. */
export interface RequestHandler {
  /**
   * A request head was read; `exchange-started` of it is recorded on return, or the connection is reset. `proceed` is to be
   * called, now or later, to have it sent and the rest of it read; never where it is answered by us.
   */
  begin(head: RequestHead, bytes: Buffer, proceed: (sending: Sending) => void): void;
  /**
   * What readers take differently, and all that was read with it. No more is read.
   * @param from the exchange in whose request it is, or the start of that request where it could be parsed
   */
  unparsed(reason: string, bytes: Buffer, from: Http1Exchange | RequestHead | undefined): void;
  /** How many requests may be unanswered, and whether what follows the last one may be read. */
  mayReadOn(): boolean;
  /** The client ended its side; it may still read. */
  ended(): void;
  /** It is gone: reset, or closed as a whole. */
  gone(): void;
}

/** The client's half of a connection: reads requests, and sends them on as they came. */
export class ClientSide {
  readonly outlet: Outlet;
  readonly #stream: Duplex;
  readonly #flow: Flow;
  readonly #afterWritten: AfterWritten;
  readonly #handler: RequestHandler;
  readonly #stopWaiting: () => void;
  readonly #reader = new MessageReader('request');
  #sending: Sending | undefined;
  /** Where the last request went. */
  #upstream: Outlet | undefined;
  /** The handler has yet to say where a request goes. */
  #isWaiting = false;
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
  #hasEnded = false;
  /** It is gone, and what it has said is still to go out. */
  #hasGone = false;
  #isReleased = false;
  #isBehind = false;
  #isReading = false;

  /** @param onDrain is called when the client takes more of responses again */
  constructor(
    endpoint: Endpoint,
    parts: {
      readonly afterWritten: AfterWritten;
      readonly handler: RequestHandler;
      readonly onDrain: () => void;
    },
  ) {
    this.#stream = endpoint.stream;
    this.#flow = new Flow(endpoint);
    this.#afterWritten = parts.afterWritten;
    this.#handler = parts.handler;
    this.outlet = new Outlet(endpoint, parts.onDrain);
    this.#stream.on('data', this.#onData);
    this.#stopWaiting = whenEnded(endpoint, this.#onEnd);
    this.#stream.on('error', this.#onGone);
    this.#stream.on('close', this.#onClose);
  }

  /** Reads on where that was not allowed before. */
  readOn(): void {
    if (this.#isReading) return;
    this.#read();
    if (this.#hasGone && !this.#isWaiting) this.#leave();
  }

  /** The upstream takes more of requests again. */
  readonly resume = (): void => {
    this.#isBehind = false;
    this.#updateFlow();
  };

  /** Reads nothing more: the stream is another's, with what was not used of it. */
  release(): void {
    this.#isReleased = true;
    this.#stream.off('data', this.#onData);
    this.#stopWaiting();
    this.#stream.off('error', this.#onGone);
    this.#stream.off('close', this.#onClose);
    this.#stream.pause();
    const rest = Buffer.concat([this.#reader.takeRest(), ...this.#ahead]);
    this.#ahead = [];
    if (rest.length > 0) this.#stream.unshift(rest);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#ahead.push(chunk);
    this.#aheadBytes += chunk.length;
    this.#read();
  };

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    this.#read();
  };

  /** Where both sides have ended, all has been said. */
  readonly #onClose = (): void => {
    if (!this.#stream.readableEnded) this.#onGone();
  };

  readonly #onGone = (): void => {
    this.#hasGone = true;
    // What it has said goes out even so, when the upstream of that is reached.
    if (!this.#isWaiting) this.#leave();
  };

  #leave(): void {
    if (this.#isReleased) return;
    // What was read of a body goes on; of a head nothing does before all of it is recorded.
    this.#sending?.upstream.write(this.#reader.takeRest());
    this.release();
    this.#sending?.exchange.endRequest();
    this.#handler.gone();
  }

  #read(): void {
    this.#isReading = true;
    while (!this.#isReleased && this.#mayRead()) {
      const piece = this.#reader.next();
      if (piece !== undefined) this.#take(piece);
      else if (!this.#pushNext()) break;
    }
    this.#isReading = false;
    if (!this.#isReleased) this.#finishReading();
  }

  /** False: there are no bytes that wait. */
  #pushNext(): boolean {
    const chunk = this.#ahead.shift();
    if (chunk === undefined) return false;
    this.#aheadBytes -= chunk.length;
    this.#reader.push(chunk);
    return true;
  }

  #finishReading(): void {
    this.#isBehind = this.#upstream?.flush() ?? false;
    this.#updateFlow();
    const mayConclude = !this.#isWaiting && (this.#reader.isIdle || this.#mayRead());
    if (this.#hasEnded && this.#ahead.length === 0 && mayConclude) this.#concludeEnd();
  }

  #mayRead(): boolean {
    if (this.#isWaiting) return false;
    return this.#sending !== undefined || this.#handler.mayReadOn();
  }

  #take(piece: Piece): void {
    const sending = this.#sending;
    if (piece.type === 'unparsed') {
      const { reason, bytes, start } = piece;
      this.#handler.unparsed(reason, bytes, sending?.exchange ?? (start as RequestHead | undefined));
    } else if (piece.type === 'head') {
      this.#begin(piece.head as RequestHead, piece.bytes);
    } else if (sending !== undefined) {
      const { requestBody } = sending.exchange.recorder;
      if (piece.type === 'body') {
        if (piece.content !== undefined && !requestBody.update(piece.content)) this.#waitForDecoder(sending);
      } else {
        requestBody.end();
        sending.exchange.endRequest();
        this.#sending = undefined;
      }
      sending.upstream.write(piece.bytes);
    }
  }

  #begin(head: RequestHead, bytes: Buffer): void {
    this.#isWaiting = true;
    this.#handler.begin(head, bytes, (sending) => {
      this.#isWaiting = false;
      this.#sending = sending;
      this.#upstream = sending.upstream;
      const gate = sending.upstream.hold();
      sending.upstream.write(sending.head);
      this.#afterWritten(
        () => {
          gate.release();
        },
        () => {
          sending.upstream.abort();
          this.outlet.abort();
        },
      );
      this.readOn();
    });
  }

  /** A decoder aside of the way is slower than the upstream. */
  #waitForDecoder({ exchange }: Sending): void {
    this.#isWaiting = true;
    exchange.recorder.requestBody.onDrain(() => {
      if (!this.#isWaiting) return;
      this.#isWaiting = false;
      this.readOn();
    });
  }

  #updateFlow(): void {
    if (this.#isReleased) return;
    if (this.#isBehind || this.#aheadBytes > MAX_AHEAD) this.#flow.pause();
    else this.#flow.resume();
  }

  #concludeEnd(): void {
    this.#hasEnded = false;
    const rest = this.#reader.finish() === 'cut' ? this.#reader.takeRest() : undefined;
    if (this.#sending === undefined && rest !== undefined) {
      this.#handler.unparsed(ENDED_WITHIN_HEAD, rest, undefined);
      return;
    }
    if (this.#sending !== undefined && rest !== undefined) this.#sending.upstream.write(rest);
    this.#sending?.exchange.endRequest();
    this.#handler.ended();
  }
}
