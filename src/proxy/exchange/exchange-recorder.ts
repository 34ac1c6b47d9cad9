import type { RecordFact } from '../../model/events.ts';
import { ALLOWED, type Decision } from '../../model/decision.ts';
import type {
  ExchangeError,
  Names,
  RequestHead,
  ResponseBody,
  ResponseFacts,
  Timings,
  Unparsed,
  Upgrade,
} from '../../model/exchange.ts';
import type { ExchangeObserver, Observation } from '../../model/observer.ts';
import type { ClientConnection } from '../connection.ts';
import type { Redaction } from '../types.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';
import type { BodyContents } from './body-contents.ts';
import { BodyMeter } from './body-meter.ts';
import { firstOf, listOf, type RawHeaders } from './raw-headers.ts';
import type { ResponseHead } from './response-head.ts';

export interface ExchangeContext {
  readonly record: RecordFact;
  readonly redaction: Redaction;
  readonly observer: ExchangeObserver | undefined;
  readonly contents: BodyContents;
  /** Ids of the exchanges that were started and not completed yet. */
  readonly inFlight: Set<string>;
}

export interface ExchangeStart {
  readonly connection: ClientConnection;
  readonly head: RequestHead;
  /** By which it is sent, where they differ. */
  readonly names: Names | undefined;
  /** The proxy on its way, as facts call it. */
  readonly upstreamProxy: string | undefined;
  /** As they came, before redaction. */
  readonly raw: { readonly url: string; readonly headers: RawHeaders };
  readonly decision?: Decision | undefined;
  readonly oddities?: readonly string[] | undefined;
}

interface Ending {
  readonly body: ResponseBody;
  readonly trailers?: RawHeaders;
  readonly error?: ExchangeError | null;
  readonly upgrade?: Upgrade;
  readonly unparsed?: Unparsed;
}

/** The facts of one request and its response, recorded before what they describe goes on. */
export class ExchangeRecorder {
  readonly requestBody: BodyMeter;
  responseBody: BodyMeter | undefined;
  readonly #context: ExchangeContext;
  readonly #start: ExchangeStart;
  readonly #id: string;
  #address: string | undefined;
  #unverifiedTls: string | undefined;
  #decision: Decision;
  #startedAt = performance.now();
  readonly #timings: { dns?: number; connect?: number; tls?: number; firstByte?: number } = {};
  #response: Omit<ResponseFacts, 'body' | 'trailers'> | undefined;
  #oddities: readonly string[];
  readonly #observation: Observation | undefined;
  #isCompleted = false;
  /** The request body was still coming when the exchange was completed. */
  #isUploading = false;

  /** Records `exchange-started`. Throws when the journal cannot be written: the request must not go on. */
  constructor(context: ExchangeContext, id: string, start: ExchangeStart) {
    const { connection, head, names, raw, oddities = [] } = start;
    this.#context = context;
    this.#id = id;
    this.#start = start;
    this.#oddities = oddities;
    this.#decision = start.decision ?? ALLOWED;
    context.record({
      type: 'exchange-started',
      id,
      connectionId: connection.id,
      request: head,
      names,
    });
    context.inFlight.add(id);
    const { method } = head;
    const { url, headers } = raw;
    this.#observation = context.observer?.observe({ exchangeId: id, method, url, headers });
    const wish = this.#observation?.requestBody;
    const tap = context.contents.open(raw.headers);
    const contentEncoding =
      wish === undefined && tap === undefined ? undefined : listOf(raw.headers, 'content-encoding');
    const announcedSize = firstOf(raw.headers, 'content-length');
    this.requestBody = new BodyMeter({ contentEncoding, announcedSize, wish, tap });
  }

  get isCompleted(): boolean {
    return this.#isCompleted;
  }

  /**
   * It goes out on a connection to `address`.
   * @param timings of the dial, where it is the first on that connection: they count as a part of it
   * @param unverifiedTls why the certificate of the upstream was not accepted
   */
  connected(timings: DialTimings | undefined, address: string | undefined, unverifiedTls?: string): void {
    this.#address = address;
    this.#unverifiedTls = unverifiedTls;
    if (timings === undefined) return;
    this.#startedAt -= timings.tls ?? timings.connect ?? 0;
    for (const phase of ['dns', 'connect', 'tls'] as const) {
      const value = timings[phase];
      if (value !== undefined) this.#timings[phase] = round(value);
    }
  }

  /** Something else was decided than at its start. */
  decided(decision: Decision): void {
    this.#decision = decision;
  }

  responded(head: ResponseHead, by: 'upstream' | 'proxaudit'): void {
    this.#timings.firstByte ??= this.#now();
    this.#response = {
      status: head.status,
      by,
      httpVersion: head.httpVersion,
      headers: this.#context.redaction.headers(head.headers),
    };
    const { oddities = [] } = head;
    if (oddities.length > 0) this.#oddities = [...new Set([...this.#oddities, ...oddities])];
    const wish = by === 'upstream' ? this.#observation?.response(head) : undefined;
    const tap = this.#context.contents.open(head.headers);
    this.responseBody = new BodyMeter({
      contentEncoding: listOf(head.headers, 'content-encoding'),
      wish,
      tap,
    });
  }

  /**
   * The response arrived whole, or `unknown`; `error` is why it is one of ours. Undefined when that is recorded on return,
   * else a promise. Throws, or rejects, when the journal cannot be written.
   */
  completed(
    trailers: RawHeaders,
    { error = null, complete = true }: { error?: ExchangeError | null; complete?: true | 'unknown' } = {},
  ): Promise<void> | undefined {
    const finish = (body: ResponseBody): void => {
      const isHead = this.#start.head.method === 'HEAD';
      this.#complete({ body: isHead ? { size: 0, complete: true } : body, trailers, error });
    };
    const settled = this.requestBody.settled();
    const body = this.responseBody?.finish(complete) ?? { size: 0, complete: true };
    if (settled === undefined && !(body instanceof Promise) && this.#start.connection.isProcessSettled) {
      finish(body);
      return undefined;
    }
    return this.#afterAll(settled, body).then(finish);
  }

  /** The exchange failed: with a response head its body is cut short, without one there is only the error. */
  failed(error: ExchangeError): void {
    if (this.#isCompleted) return;
    const body = this.responseBody?.cut(error.code) ?? { size: 0, complete: false, error: error.code };
    this.#completeWhenKnown({ body, error });
  }

  /** From here on its bytes pass unread. */
  unparsed(reason: string): void {
    if (this.#isCompleted) return;
    const body = this.responseBody?.cut('unparsed') ?? { size: 0, complete: false, error: 'unparsed' };
    this.#completeWhenKnown({ body, unparsed: { reason } });
  }

  /** A 101, or a tunnel in a tunnel: the bytes after the switch are the connection's. */
  upgraded(protocol: string, bytes: { bytesIn: number; bytesOut: number }): void {
    this.#complete({ body: { size: 0, complete: true }, upgrade: { protocol, ...bytes } });
  }

  /** The request body has ended, or will not go on: to be called then if the exchange was completed before. */
  requestBodyOver(): void {
    if (!this.#isUploading) return;
    this.#isUploading = false;
    this.#context.record({ type: 'request-body-completed', id: this.#id, body: this.requestBody.sent() });
  }

  async #afterAll(
    settled: Promise<void> | undefined,
    body: ResponseBody | Promise<ResponseBody>,
  ): Promise<ResponseBody> {
    await settled;
    const finished = await body;
    const { connection } = this.#start;
    if (!connection.isProcessSettled) await connection.processSettled();
    return finished;
  }

  #completeWhenKnown(ending: Ending): void {
    const { connection } = this.#start;
    if (connection.isProcessSettled) {
      this.#complete(ending);
      return;
    }
    connection
      .processSettled()
      .then(() => {
        this.#complete(ending);
      })
      // Who fails to write to the journal first reports that.
      .catch(() => undefined);
  }

  #complete(ending: Ending): void {
    if (this.#isCompleted) return;
    this.#isCompleted = true;
    this.#context.inFlight.delete(this.#id);
    const { body, trailers = [], error = null, unparsed } = ending;
    const response = this.#responseWith(body, trailers);
    this.#isUploading = !this.requestBody.isEnded && error === null;
    this.#record(ending, response);
    this.#observation?.ended({
      response: response?.by === 'upstream' ? this.responseBody?.observed(body) : undefined,
      process: this.#start.connection.knownProcess,
      isUnparsed: unparsed !== undefined,
    });
  }

  #record({ error = null, upgrade, unparsed }: Ending, response: ResponseFacts | null): void {
    const { connection, head, names, upstreamProxy } = this.#start;
    const { method, url, httpVersion, headers } = head;
    // What is undefined is not written. Spreading parts into it would take ten times as long, for each exchange.
    this.#context.record({
      type: 'exchange-completed',
      id: this.#id,
      connectionId: connection.id,
      request: { method, url, httpVersion, headers, body: this.requestBody.sent() },
      response,
      // A 502 of our own is a response, yet no response head came from the upstream.
      error: response?.by === 'upstream' ? null : redactError(error, this.#context.redaction),
      decision: this.#decision,
      names,
      // With a proxy on the way it is that one's.
      address: upstreamProxy === undefined ? this.#address : undefined,
      upstreamProxy,
      process: connection.knownProcess,
      timings: this.#finalTimings(),
      upgrade,
      unparsed,
      oddities: this.#oddityFact(),
      unverifiedTls: this.#unverifiedTls,
    });
  }

  #responseWith(body: ResponseBody, trailers: RawHeaders): ResponseFacts | null {
    if (this.#response === undefined) return null;
    const { status, by, httpVersion, headers } = this.#response;
    const kept = trailers.length === 0 ? {} : this.#context.redaction.headers(trailers);
    const hasTrailers = Object.keys(kept).length > 0;
    return { status, by, httpVersion, headers, trailers: hasTrailers ? kept : undefined, body };
  }

  #oddityFact(): string[] | undefined {
    return this.#oddities.length === 0 ? undefined : [...this.#oddities];
  }

  #finalTimings(): Timings {
    const { dns, connect, tls, firstByte } = this.#timings;
    return { start: 0, dns, connect, tls, firstByte, end: this.#now() };
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
