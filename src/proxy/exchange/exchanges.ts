import { setTimeout as sleep } from 'node:timers/promises';
import type { Decision } from '../../model/decision.ts';
import type { Names } from '../../model/exchange.ts';
import type { ClientConnection } from '../connection.ts';
import type { Dialler } from '../upstream/dial.ts';
import type { Destination } from '../types.ts';
import { ExchangeRecorder, type ExchangeContext } from './exchange-recorder.ts';
import type { RawHeaders } from './raw-headers.ts';
import { redactNames } from './used-names.ts';

const SETTLE_POLL_MS = 5;

/** A request, as it is to be recorded. */
export interface RecordedRequest {
  readonly method: string;
  /** What is dialled, which is what the report may claim, with path and query as they came. */
  readonly url: string;
  /** As in the request line: `1.1`, `1.0`; `2`. */
  readonly httpVersion: string;
  readonly headers: RawHeaders;
  readonly destination: Destination;
  readonly secure: boolean;
  /** By which it is sent, where they differ. */
  readonly names: Names | undefined;
  readonly oddities?: readonly string[];
  readonly decision?: Decision | undefined;
}

/** The exchanges of all connections. */
export class Exchanges {
  readonly #context: ExchangeContext;
  readonly #proxyFor: Dialler['proxyFor'];
  #count = 0;

  constructor(context: Omit<ExchangeContext, 'inFlight'>, proxyFor: Dialler['proxyFor']) {
    this.#context = { ...context, inFlight: new Set() };
    this.#proxyFor = proxyFor;
  }

  /** Records `exchange-started`. Throws when the journal cannot be written: the request must not go on then. */
  start(connection: ClientConnection, request: RecordedRequest): ExchangeRecorder {
    const { redaction } = this.#context;
    const { method, url, httpVersion, headers, names, oddities, decision } = request;
    this.#count += 1;
    return new ExchangeRecorder(this.#context, `x${this.#count}`, {
      connection,
      names: names && redactNames(names, redaction),
      upstreamProxy: this.#proxyFor(request.destination, request.secure ? 'https' : 'http')?.shown,
      raw: { url, headers },
      head: { method, url: redaction.url(url), httpVersion, headers: redaction.headers(headers) },
      oddities,
      decision,
    });
  }

  /** Resolves when every exchange has recorded how it ended, or after `timeoutMs`. */
  async settled(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.#context.inFlight.size > 0 && performance.now() < deadline) await sleep(SETTLE_POLL_MS);
  }
}
