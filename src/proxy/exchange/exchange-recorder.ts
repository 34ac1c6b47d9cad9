import type { RecordFact } from '../../model/events.ts';
import type {
  ExchangeError,
  Names,
  RequestHead,
  ResponseBody,
  ResponseFacts,
  Timings,
  Upgrade,
} from '../../model/exchange.ts';
import type { ExchangeObserver, Observation } from '../../model/observer.ts';
import type { ClientConnection } from '../connection.ts';
import type { Redaction } from '../types.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';
import type { BodyContents } from './body-contents.ts';
import { BodyMeter } from './body-meter.ts';
import { type RawHeaders, firstOf, listOf } from './raw-headers.ts';
import type { ResponseHead } from './response-head.ts';

export interface ExchangeContext {
  readonly record: RecordFact;
  readonly redaction: Redaction;
  readonly observer: ExchangeObserver | undefined;
  readonly contents: BodyContents;
  /** Ids of the exchanges that were started and not completed yet. */
  readonly inFlight: Set<string>;
}

interface Start {
  readonly connection: ClientConnection;
  readonly head: RequestHead;
  /** By which it is sent, where they differ. */
  readonly names: Names | undefined;
  /** The proxy on its way, as facts call it. */
  readonly upstreamProxy: string | undefined;
  /** As they came, before redaction. */
  readonly raw: { readonly url: string; readonly headers: RawHeaders };
}

interface Ending {
  readonly body: ResponseBody;
  readonly trailers?: RawHeaders;
  readonly error?: ExchangeError | null;
  readonly upgrade?: Upgrade;
}

const allowed = { action: 'allow', rule: 'default', reason: 'no policy is in force' } as const;

/** The facts of one request and its response, stated before what they describe goes on. */
export class ExchangeRecorder {
  readonly requestBody: BodyMeter;
  responseBody: BodyMeter | undefined;
  readonly #context: ExchangeContext;
  readonly #connection: ClientConnection;
  readonly #id: string;
  readonly #head: RequestHead;
  readonly #names: { readonly names?: Names };
  readonly #way: { readonly upstreamProxy?: string };
  #address: string | undefined;
  readonly #startedAt = performance.now();
  readonly #timings: { dns?: number; connect?: number; tls?: number; firstByte?: number } = {};
  #response: Omit<ResponseFacts, 'body' | 'trailers'> | undefined;
  #announcedLength: string | undefined;
  readonly #observation: Observation | undefined;
  #isCompleted = false;

  /** Records `exchange-started`. Throws when the journal cannot be written: the request must not go on. */
  constructor(context: ExchangeContext, id: string, start: Start) {
    const { connection, head, names, upstreamProxy, raw } = start;
    this.#context = context;
    this.#id = id;
    this.#connection = connection;
    this.#head = head;
    this.#names = names === undefined ? {} : { names };
    this.#way = upstreamProxy === undefined ? {} : { upstreamProxy };
    const started = { id, connectionId: connection.id, request: head, ...this.#names };
    context.record({ type: 'exchange-started', ...started });
    context.inFlight.add(id);
    this.#observation = context.observer?.observe({ exchangeId: id, method: head.method, ...raw });
    const wish = this.#observation?.requestBody;
    const tap = context.contents.open(raw.headers);
    const contentEncoding =
      wish === undefined && tap === undefined ? undefined : listOf(raw.headers, 'content-encoding');
    const announcedSize = firstOf(raw.headers, 'content-length');
    this.requestBody = new BodyMeter({ contentEncoding, announcedSize, wish, tap });
  }

  connected(timings: DialTimings | undefined, address: string | undefined): void {
    this.#address = address;
    if (timings === undefined) return;
    const dialledFor = timings.tls ?? timings.connect ?? 0;
    const base = this.#now() - dialledFor;
    for (const phase of ['dns', 'connect', 'tls'] as const) {
      const value = timings[phase];
      if (value !== undefined) this.#timings[phase] = Math.max(0, round(base + value));
    }
  }

  responded(head: ResponseHead, by: 'upstream' | 'proxaudit'): void {
    this.#timings.firstByte ??= this.#now();
    this.#response = {
      status: head.status,
      by,
      httpVersion: head.httpVersion,
      headers: this.#context.redaction.headers(head.headers),
    };
    this.#announcedLength = firstOf(head.headers, 'content-length');
    const wish = by === 'upstream' ? this.#observation?.response(head) : undefined;
    const tap = this.#context.contents.open(head.headers);
    this.responseBody = new BodyMeter({
      contentEncoding: listOf(head.headers, 'content-encoding'),
      wish,
      tap,
    });
  }

  /** All announced bytes are here: a client may close on the last one, before the upstream's end of message. */
  hasWholeBody(): boolean {
    return this.responseBody !== undefined && String(this.responseBody.size) === this.#announcedLength;
  }

  /** The response arrived whole; `error` is why it is one of ours. */
  async completed(trailers: RawHeaders, error: ExchangeError | null = null): Promise<void> {
    await this.requestBody.settle();
    const body = (await this.responseBody?.finish()) ?? { size: 0, complete: true };
    const shown = this.#head.method === 'HEAD' ? { size: 0, complete: true } : body;
    if (!this.#connection.isProcessSettled) await this.#connection.processSettled();
    this.#complete({ body: shown, trailers, error });
  }

  /** The exchange failed: with a response head its body is cut short, without one there is only the error. */
  failed(error: ExchangeError): void {
    const body = this.responseBody?.cut(error.code) ?? { size: 0, complete: false, error: error.code };
    if (this.#connection.isProcessSettled) {
      this.#complete({ body, error });
      return;
    }
    this.#connection
      .processSettled()
      .then(() => {
        this.#complete({ body, error });
      })
      // Who fails to write to the journal first reports that.
      .catch(() => undefined);
  }

  /** A 101: the bytes after the switch are the connection's. */
  upgraded(protocol: string, bytes: { bytesIn: number; bytesOut: number }): void {
    this.#complete({ body: { size: 0, complete: true }, upgrade: { protocol, ...bytes } });
  }

  #complete({ body, trailers = [], error = null, upgrade }: Ending): void {
    if (this.#isCompleted) return;
    this.#isCompleted = true;
    this.#context.inFlight.delete(this.#id);
    const response = this.#responseWith(body, trailers);
    this.#context.record({
      type: 'exchange-completed',
      id: this.#id,
      connectionId: this.#connection.id,
      request: { ...this.#head, body: this.requestBody.sent() },
      response,
      // A 502 of our own is a response, yet no response head came from the upstream.
      error: response?.by === 'upstream' ? null : redactError(error, this.#context.redaction),
      decision: allowed,
      ...this.#names,
      ...this.#addressFact(),
      ...this.#way,
      ...(this.#connection.knownProcess === undefined ? {} : { process: this.#connection.knownProcess }),
      timings: this.#finalTimings(),
      ...(upgrade === undefined ? {} : { upgrade }),
    });
    this.#observation?.ended({
      response: response?.by === 'upstream' ? this.responseBody?.observed(body) : undefined,
      process: this.#connection.knownProcess,
    });
  }

  #responseWith(body: ResponseBody, trailers: RawHeaders): ResponseFacts | null {
    if (this.#response === undefined) return null;
    const kept = this.#context.redaction.headers(trailers);
    return { ...this.#response, ...(Object.keys(kept).length > 0 ? { trailers: kept } : {}), body };
  }

  /** With a proxy on the way it is that one's. */
  #addressFact(): { address?: string } {
    const isDirect = this.#way.upstreamProxy === undefined;
    return this.#address === undefined || !isDirect ? {} : { address: this.#address };
  }

  #finalTimings(): Timings {
    return { start: 0, ...this.#timings, end: this.#now() };
  }

  #now(): number {
    return round(performance.now() - this.#startedAt);
  }
}

function redactError(error: ExchangeError | null, redaction: Redaction): ExchangeError | null {
  return error === null ? null : { code: error.code, message: redaction.text(error.message) };
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
