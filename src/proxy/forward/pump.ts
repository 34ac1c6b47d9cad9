import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import { answerFailure } from './own-response.ts';
import type { Client, Upstream, UpstreamEvents } from './sides.ts';
import { sendBody } from './request-body.ts';
import { StreamReset } from './stream-reset.ts';
import { isDisconnect } from '../upstream/repeatable.ts';
import type { RawHeaders } from '../exchange/raw-headers.ts';

/** RFC 9113, 8.1: the response is whole, and the rest of the request is not wanted. */
const NO_ERROR = 0;
const clientClosed: ExchangeError = {
  code: 'client-closed',
  message: 'the client went away before the response was complete',
};

export interface PumpParts {
  readonly client: Client;
  readonly record: ExchangeRecorder;
  readonly expectsBody: boolean;
  readonly send: (events: UpstreamEvents) => Promise<Upstream>;
  readonly explain: (error: unknown) => ExchangeError;
}

/** Moves one request up and its response down, with back-pressure both ways, and states how it ended. */
export function pump(parts: PumpParts): void {
  new Pump(parts).start();
}

class Pump {
  readonly #parts: PumpParts;
  #upstream: Upstream | undefined;
  #hasResponse = false;
  /** The whole request has been read. */
  #isSent: boolean;
  /** Set when the response is whole and the request is not: states both, once the rest of it has gone too. */
  #settle: (() => void) | undefined;
  #isOver = false;
  /** The client has ended its side of the connection. */
  #isSideEnded = false;

  constructor(parts: PumpParts) {
    this.#parts = parts;
    this.#isSent = !parts.expectsBody;
  }

  start(): void {
    const { client, send } = this.#parts;
    client.onAbort((http2Code) => {
      this.#abandon(http2Code);
    });
    client.onDrain(() => this.#upstream?.resume());
    client.onSideEnd(() => {
      this.#isSideEnded = true;
      if (this.#isSent) this.#upstream?.endSide();
    });
    send(this.#events()).then(
      (upstream) => {
        this.#upstream = upstream;
        if (!this.#isOver) this.#sendBody(upstream);
        // A client that is gone by now has still said what its request was.
        else if (this.#parts.expectsBody) upstream.abort();
        else {
          upstream.end([]);
          upstream.abortWhenSent();
        }
      },
      (error: unknown) => {
        this.#fail(error);
      },
    );
  }

  #sendBody(upstream: Upstream): void {
    const { client, expectsBody, record } = this.#parts;
    if (!expectsBody) {
      client.body.resume();
      upstream.end([]);
      if (this.#isSideEnded) upstream.endSide();
      return;
    }
    const ended = (): void => {
      this.#isSent = true;
      if (this.#isSideEnded) upstream.endSide();
      this.#settle?.();
    };
    const closed = (): void => {
      if (this.#isOver || this.#settle === undefined) return;
      upstream.abort();
      this.#settle();
    };
    const isOver = (): boolean => this.#isOver;
    const isAnswered = (): boolean => this.#settle !== undefined;
    sendBody({ client, record, upstream, isOver, isAnswered }, { ended, closed });
  }

  #events(): UpstreamEvents {
    const { client, record } = this.#parts;
    return {
      connected: (timings, address) => {
        record.connected(timings, address);
      },
      information: (status, headers) => {
        if (!this.#isOver) client.information(status, headers);
      },
      response: (head) => {
        this.#guard(() => {
          record.responded(head, 'upstream');
          this.#hasResponse = true;
          record.responseBody?.onDrain(() => this.#upstream?.resume());
          const respond = (): void => {
            client.respond(head);
          };
          if (head.isWhole === true) this.#conclude([], respond);
          else respond();
        });
      },
      data: (chunk) => {
        if (this.#isOver) return;
        const isMeterReady = record.responseBody?.update(chunk) ?? true;
        const isClientReady = client.write(chunk);
        if (!isMeterReady || !isClientReady) this.#upstream?.pause();
      },
      drain: () => {
        client.body.resume();
      },
      closed: () => {
        this.#lose();
      },
      end: (trailers) => {
        this.#conclude(trailers, () => {
          client.end(trailers);
        });
      },
      stopped: () => {
        this.#stop();
      },
      switched: () => {
        this.#isOver = true;
      },
      error: (error) => {
        this.#fail(error);
      },
    };
  }

  /** The upstream takes nothing more. The client may want its connection for another request: the rest is read and forgotten. */
  #lose(): void {
    this.#settle?.();
    this.#parts.client.body.resume();
  }

  #stop(): void {
    if (this.#isOver || this.#isSent) return;
    this.#settle?.();
    this.#parts.client.reset(NO_ERROR);
  }

  /** The response is whole. Mostly the request is too: that is stated before the client sees the end. */
  #conclude(trailers: RawHeaders, deliver: () => void): void {
    if (this.#isOver || this.#settle !== undefined) return;
    const { client, record } = this.#parts;
    if (!this.#isSent) {
      this.#settle = () => {
        if (this.#isOver) return;
        this.#isOver = true;
        // A journal that has failed is its owner's concern: the client has its answer.
        record.completed(trailers).catch(() => undefined);
      };
      deliver();
      client.body.resume();
      return;
    }
    this.#isOver = true;
    record
      .completed(trailers)
      .then(deliver)
      .catch(() => {
        client.reset();
      });
  }

  /** An upstream failure: a 502 before the response head, a reset after it or for a reset. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { client, record, explain } = this.#parts;
    try {
      // The upstream heard the client end its side, and took that for its leaving.
      if (this.#isSideEnded && isDisconnect(error)) {
        record.failed(clientClosed);
        client.reset();
        return;
      }
      const failure = explain(error);
      const http2Code = error instanceof StreamReset ? error.http2Code : undefined;
      if (this.#hasResponse || http2Code !== undefined) {
        record.failed(failure);
        client.reset(http2Code);
        return;
      }
      answerFailure(client, record, failure);
    } catch {
      client.reset();
    }
  }

  /** The client is gone: nothing more can be delivered. */
  #abandon(http2Code: number | undefined): void {
    if (this.#isOver) return;
    // What the client has said goes out, though it does not wait for the answer.
    if (this.#isSent && !this.#hasResponse) this.#upstream?.abortWhenSent(http2Code);
    else this.#upstream?.abort(http2Code);
    if (this.#settle !== undefined) {
      this.#settle();
      return;
    }
    this.#isOver = true;
    const { record } = this.#parts;
    if (record.hasWholeBody()) {
      // A journal that has failed is its owner's concern here and below: nobody is left to answer.
      record.completed([]).catch(() => undefined);
      return;
    }
    try {
      record.failed(clientClosed);
    } catch {
      // As above.
    }
  }

  #guard(step: () => void): void {
    if (this.#isOver) return;
    try {
      step();
    } catch (error) {
      this.#upstream?.abort();
      this.#fail(error);
    }
  }
}
