import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  type Http2Session,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type Settings,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import type { ExchangeError } from '../../model/exchange.ts';
import { describeUpstreamFailure } from '../upstream/failures.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';
import type { Http2Pair } from './http2-pair.ts';
import { mirrorSettings, SESSION_WINDOW, sessionLimits, upstreamSettings } from './session-settings.ts';
import type { RelayedStream, RelaySessions, TunnelBytes } from './relay-sessions.ts';
import { nameError } from './stream-reset.ts';

export interface SessionPairParts {
  /** Makes a session of the client's connection, whose first frame has these settings. */
  readonly accept: (socket: Duplex, settings: Settings) => ServerHttp2Session;
  /** `authority` of requests that have none; node:http2 wants one. */
  readonly authority: string;
  readonly afterWritten: (action: () => void, onFailed: () => void) => void;
  readonly takeTunnel: (relay: RelayedStream, bytes: TunnelBytes) => boolean;
  readonly onClosed: () => void;
}

type Side = 'client' | 'upstream';

/** A connection that was reset, or is as good as that. */
const resetCodes: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * The session of a client and the one to its upstream, which live and end together. What belongs to a connection and not
 * to a stream passes here: settings, GOAWAY, PING, and how it ends.
 */
export class SessionPair implements RelaySessions {
  readonly #pair: Http2Pair;
  readonly #parts: SessionPairParts;
  readonly #relays = new Set<RelayedStream>();
  readonly #errors: Partial<Record<Side, NodeJS.ErrnoException>> = {};
  readonly #upstream: ClientHttp2Session;
  #client: ServerHttp2Session | undefined;
  /** Of the upstream's GOAWAY: it looks at no stream beyond. */
  #goaway: { readonly code: number; readonly last: number } | undefined;
  /** Of the client's streams that are over. */
  #lastFinished = 0;
  #timings: DialTimings | undefined;
  #isEnding = false;
  #isAborted = false;

  constructor(pair: Http2Pair, parts: SessionPairParts) {
    this.#pair = pair;
    this.#parts = parts;
    this.#timings = pair.timings;
    for (const side of ['client', 'upstream'] as const) {
      // HTTP/2 has no use for half a connection.
      pair[side].allowHalfOpen = false;
      pair[side].on('error', (error: NodeJS.ErrnoException) => (this.#errors[side] ??= error));
      pair[side].once('close', () => {
        if (pair.client.destroyed && pair.upstream.destroyed) parts.onClosed();
      });
    }
    this.#upstream = this.#connect();
    pair.client.once('close', () => {
      if (this.#client === undefined) void this.#clientEnded();
    });
  }

  get isClientGone(): boolean {
    return this.#pair.client.destroyed || this.#client?.destroyed === true;
  }

  get isUpstreamGone(): boolean {
    return this.#pair.upstream.destroyed || this.#upstream.destroyed;
  }

  /** Of the dial: the first exchange waited for it. */
  takeTimings(): DialTimings | undefined {
    const timings = this.#timings;
    this.#timings = undefined;
    return timings;
  }

  add(relay: RelayedStream): void {
    this.#relays.add(relay);
    relay.start();
  }

  request(fields: OutgoingHttpHeaders, options: ClientSessionRequestOptions): ClientHttp2Stream {
    return this.#upstream.request(fields, options);
  }

  isRefused(stream: ClientHttp2Stream): boolean {
    return this.#goaway !== undefined && (stream.id ?? Infinity) > this.#goaway.last;
  }

  describeUpstreamEnd(error: NodeJS.ErrnoException | undefined): ExchangeError {
    if (this.#goaway !== undefined && this.#goaway.code !== constants.NGHTTP2_NO_ERROR)
      return {
        code: 'upstream-reset',
        message: `the connection was ended (HTTP/2 error ${nameError(this.#goaway.code)})`,
      };
    const known = this.#errors.upstream ?? (error?.code === 'ERR_HTTP2_STREAM_ERROR' ? undefined : error);
    if (known !== undefined) return describeUpstreamFailure(known);
    return {
      code: 'upstream-closed-early',
      message: 'the upstream closed the connection before the response was complete',
    };
  }

  afterWritten(action: () => void): void {
    this.#parts.afterWritten(
      () => {
        if (!this.#isAborted) action();
      },
      () => {
        this.abort();
      },
    );
  }

  takeTunnel(relay: RelayedStream, bytes: TunnelBytes): boolean {
    return this.#parts.takeTunnel(relay, bytes);
  }

  noteClosed(relay: RelayedStream): void {
    if (!relay.client.destroyed || relay.upstream?.destroyed === false) return;
    this.#relays.delete(relay);
    this.#lastFinished = Math.max(this.#lastFinished, relay.client.id ?? 0);
  }

  /** Resets both sides at once: nothing that waits may go on. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#isEnding = true;
    // Not while Node reads frames (see `closeStream`).
    setImmediate(() => {
      this.#pair.resetClient();
      this.#pair.resetUpstream();
      this.close();
    });
  }

  close(): void {
    this.#isEnding = true;
    this.#pair.client.destroy();
    this.#pair.upstream.destroy();
  }

  #connect(): ClientHttp2Session {
    const { upstream } = this.#pair;
    const session = connect(`https://${this.#parts.authority}`, {
      ...sessionLimits,
      createConnection: () => upstream,
      settings: upstreamSettings,
    });
    session.on('error', (error: NodeJS.ErrnoException) => (this.#errors.upstream ??= error));
    widen(session);
    session.on('remoteSettings', (settings: Settings) => {
      if (this.#client !== undefined) {
        if (!this.isClientGone) this.#client.settings(mirrorSettings(settings));
      } else if (!this.#isEnding) this.#accept(settings);
    });
    session.on('goaway', (code: number, last: number, data?: Buffer) => {
      this.#passGoaway(code, last, data);
    });
    session.on('ping', (payload: Buffer) => {
      if (this.#client !== undefined) ping(this.#client, payload);
    });
    session.once('close', () => {
      void this.#upstreamEnded();
    });
    return session;
  }

  /** Only now, as the client is to know the limits of the upstream from the first. */
  #accept(settings: Settings): void {
    const client = this.#parts.accept(this.#pair.client, mirrorSettings(settings));
    this.#client = client;
    client.on('error', (error: NodeJS.ErrnoException) => (this.#errors.client ??= error));
    widen(client);
    client.on('goaway', (code: number, _last: number, data?: Buffer) => {
      // Its last stream would be one that the upstream opened, which may open none.
      if (!this.#upstream.destroyed) this.#upstream.goaway(code, 0, data);
    });
    client.on('ping', (payload: Buffer) => {
      ping(this.#upstream, payload);
    });
    client.once('close', () => {
      void this.#clientEnded();
    });
    if (this.#goaway !== undefined) this.#passGoaway(this.#goaway.code, this.#goaway.last, undefined);
  }

  #passGoaway(code: number, last: number, data: NodeJS.ArrayBufferView | undefined): void {
    this.#goaway = { code, last };
    if (this.#client === undefined || this.isClientGone) return;
    let lastOfClient = this.#lastFinished;
    for (const { client, upstream } of this.#relays)
      if ((upstream?.id ?? Infinity) <= last) lastOfClient = Math.max(lastOfClient, client.id ?? 0);
    // For 0 Node says which stream it saw last: those that were not looked at are reset with REFUSED_STREAM beside it.
    this.#client.goaway(code, lastOfClient, data);
  }

  /** What came from the upstream goes on first, then the connection ends as the upstream's did. */
  async #upstreamEnded(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await Promise.all([...this.#relays].map((relay) => relay.responseFlushed()));
    this.#endAs('upstream', this.#pair.client, this.#pair.resetClient);
  }

  async #clientEnded(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await Promise.all([...this.#relays].map((relay) => relay.requestFlushed()));
    this.#endAs('client', this.#pair.upstream, this.#pair.resetUpstream);
  }

  #endAs(side: Side, other: Duplex, reset: () => void): void {
    if (other.destroyed) return;
    if (resetCodes.has(this.#errors[side]?.code)) reset();
    else if (other.writableFinished) other.destroy();
    else other.end(() => other.destroy());
  }
}

/** A peer that wants to know whether the other one is there asks that one. */
function ping(session: Http2Session, payload: Buffer): void {
  if (!session.destroyed && !session.closed) session.ping(payload, () => undefined);
}

/** Node has no handle before the session is connected. */
function widen(session: Http2Session): void {
  const setWindow = (): void => {
    if (!session.destroyed) session.setLocalWindowSize(SESSION_WINDOW);
  };
  if (session.connecting) session.once('connect', setWindow);
  else setWindow();
}
