import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecord } from './exchange.ts';
import { buildOwnResponse, deliver } from './own-response.ts';
import type { Client, Upstream, UpstreamEvents } from './sides.ts';

export interface PumpParts {
  readonly client: Client;
  readonly record: ExchangeRecord;
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
  #isOver = false;

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  start(): void {
    const { client, send } = this.#parts;
    client.onAbort(() => {
      this.#abandon({
        code: 'client-closed',
        message: 'the client went away before the response was complete',
      });
    });
    client.onDrain(() => {
      this.#upstream?.resume();
    });
    send(this.#events()).then(
      (upstream) => {
        this.#upstream = upstream;
        if (this.#isOver) upstream.abort();
        else this.#sendBody(upstream);
      },
      (error: unknown) => {
        this.#fail(error);
      },
    );
  }

  #sendBody(upstream: Upstream): void {
    const { client, expectsBody, record } = this.#parts;
    const { body } = client;
    if (!expectsBody) {
      body.resume();
      upstream.end([]);
      return;
    }
    body.on('data', (chunk: Buffer) => {
      // The upstream answered before it had everything: the rest has no reader and is no part of the exchange.
      if (this.#isOver) return;
      record.requestBody.update(chunk);
      if (!upstream.write(chunk)) body.pause();
    });
    body.on('end', () => {
      if (!this.#isOver) upstream.end(client.trailers());
    });
    body.on('error', () => undefined);
  }

  #events(): UpstreamEvents {
    const { client, record } = this.#parts;
    return {
      connected: (timings) => {
        record.connected(timings);
      },
      information: (status, headers) => {
        if (!this.#isOver) client.information(status, headers);
      },
      response: (head) => {
        this.#guard(() => {
          record.responded(head, 'upstream');
          client.respond(head);
          this.#hasResponse = true;
          record.responseBody?.onDrain(() => {
            this.#upstream?.resume();
          });
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
      end: (trailers) => {
        if (this.#isOver) return;
        this.#isOver = true;
        record
          .completed(trailers)
          .then(() => {
            client.end(trailers);
          })
          .catch(() => {
            client.reset();
          });
      },
      switched: () => {
        this.#isOver = true;
      },
      error: (error) => {
        this.#fail(error);
      },
    };
  }

  /** An upstream failure: a 502 before the response head, a reset after it. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { client, record, explain } = this.#parts;
    try {
      const failure = explain(error);
      if (this.#hasResponse) {
        record.failed(failure);
        client.reset();
        return;
      }
      this.#answer(failure);
    } catch {
      client.reset();
    }
  }

  #answer(failure: ExchangeError): void {
    const { client, record } = this.#parts;
    const own = buildOwnResponse(502, `${failure.code}: ${failure.message}`);
    record.responded(own.head, 'proxaudit');
    record.responseBody?.update(own.body);
    record
      .completed([], failure)
      .then(() => {
        deliver(client, own);
      })
      .catch(() => {
        client.reset();
      });
  }

  /** The client is gone: nothing more can be delivered. */
  #abandon(error: ExchangeError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#upstream?.abort();
    const { record } = this.#parts;
    if (record.hasWholeBody()) {
      // A journal that has failed is its owner's concern here and below: nobody is left to answer.
      record.completed([]).catch(() => undefined);
      return;
    }
    try {
      record.failed(error);
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
