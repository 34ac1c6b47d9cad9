import { connect, type ClientHttp2Session, type Settings } from 'node:http2';
import type { Socket } from 'node:net';
import type { OutgoingRequest } from '../forward/sides.ts';
import { poolKeyOf } from './agent.ts';
import type { DialTimings } from './connect-tcp.ts';
import type { Dial, Dialled } from './dial.ts';

/** A session with room for one more stream, which is taken until `release`. */
export interface Place {
  readonly session: ClientHttp2Session;
  /** Of the dial, for the first exchange on it. */
  readonly timings: DialTimings | undefined;
  /** Of the peer. */
  readonly address: string | undefined;
  /** Other streams were on it before: it may be stale. */
  readonly isReused: boolean;
  release(): void;
  /** The upstream said that it did not, and will not, look at this stream. */
  isBeyondGoaway(streamId: number | undefined): boolean;
  /** Its connection is gone. */
  isLost(): boolean;
  /** Why the session ended, where it did by an error. */
  failure(): Error | undefined;
}

const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 8 * 1024 * 1024;
/** RFC 9113, 6.5.2: servers should allow no fewer, so this many may be opened before the settings are known. */
const ASSUMED_STREAMS = 100;
/** In MB. What waits is bounded by back-pressure per stream; Node's limit of 10 MB would break off many at once. */
const MAX_SESSION_MEMORY = 1000;

/**
 * HTTP/2 sessions to upstreams, shared by the streams of all clients. A further one is opened when the upstream allows no
 * more streams on those there are: long streams of one client must not hold up another one.
 */
export class Http2Sessions {
  readonly #dial: Dial;
  readonly #pools = new Map<string, Set<PooledSession>>();

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** Starts a session on a connection that was dialled ahead. */
  adopt(poolKey: string, dialled: Dialled): void {
    this.#add(poolKey, openSession(dialled));
  }

  /** A place for a stream; undefined when the upstream chose HTTP/1.1 after all. Rejects when it cannot be dialled. */
  async take(outgoing: OutgoingRequest): Promise<Place | undefined> {
    const key = poolKeyOf(outgoing.target, outgoing.pinnedTo);
    for (const pooled of this.#pools.get(key) ?? []) if (pooled.hasRoom()) return pooled.take();
    return this.#add(key, this.#open(outgoing)).take();
  }

  destroy(): void {
    for (const pool of this.#pools.values()) for (const pooled of pool) pooled.destroy();
    this.#pools.clear();
  }

  async #open(outgoing: OutgoingRequest): Promise<Opened | undefined> {
    const dialled = await this.#dial(outgoing.target);
    if (outgoing.target.tls !== undefined && dialled.alpn !== 'h2') {
      dialled.socket.destroy();
      return undefined;
    }
    return openSession(dialled);
  }

  #add(key: string, opening: Promise<Opened | undefined>): PooledSession {
    const pool = this.#pools.get(key) ?? new Set();
    this.#pools.set(key, pool);
    const pooled = new PooledSession(opening, () => {
      pool.delete(pooled);
      if (pool.size === 0 && this.#pools.get(key) === pool) this.#pools.delete(key);
    });
    pool.add(pooled);
    return pooled;
  }
}

interface Opened {
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
  readonly timings: DialTimings;
  failure: Error | undefined;
}

class PooledSession {
  readonly #opening: Promise<Opened | undefined>;
  #session: ClientHttp2Session | undefined;
  #streams = 0;
  #maxStreams = ASSUMED_STREAMS;
  #isUsed = false;
  #lastProcessed = Infinity;

  constructor(opening: Promise<Opened | undefined>, forget: () => void) {
    this.#opening = opening;
    opening.then((opened) => {
      if (opened === undefined) forget();
      else this.#watch(opened.session, forget);
    }, forget);
  }

  hasRoom(): boolean {
    const isOver = this.#session !== undefined && (this.#session.closed || this.#session.destroyed);
    return this.#streams < this.#maxStreams && !isOver;
  }

  async take(): Promise<Place | undefined> {
    this.#streams += 1;
    const opened = await this.#opening;
    if (opened === undefined) return undefined;
    const isReused = this.#isUsed;
    this.#isUsed = true;
    return {
      session: opened.session,
      timings: isReused ? undefined : opened.timings,
      address: opened.socket.remoteAddress,
      isReused,
      release: () => {
        this.#streams -= 1;
      },
      isBeyondGoaway: (streamId) => this.#lastProcessed < (streamId ?? Infinity),
      isLost: () => opened.socket.destroyed,
      failure: () => opened.failure ?? opened.socket.errored ?? undefined,
    };
  }

  destroy(): void {
    this.#opening.then(
      (opened) => opened?.session.destroy(),
      () => undefined,
    );
  }

  #watch(session: ClientHttp2Session, forget: () => void): void {
    this.#session = session;
    session.on('remoteSettings', ({ maxConcurrentStreams }: Settings) => {
      // With none at all a request waits for the next settings, as it would without us.
      this.#maxStreams = Math.max(1, maxConcurrentStreams ?? Infinity);
    });
    session.on('goaway', (_code: number, lastStreamId: number) => {
      this.#lastProcessed = lastStreamId;
      forget();
    });
    session.once('close', forget);
    session.once('error', forget);
  }
}

function openSession(dialled: Dialled): Promise<Opened> {
  const { socket } = dialled;
  // Between its handshake and now the upstream may have told that it misses our certificate (TLS 1.3).
  if (socket.destroyed) {
    const closed = Object.assign(new Error('the upstream closed the connection'), { code: 'ECONNRESET' });
    return Promise.reject(socket.errored ?? closed);
  }
  return new Promise((resolve, reject) => {
    const session = connect('https://upstream.invalid', {
      createConnection: () => dialled.socket,
      settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
      maxSessionMemory: MAX_SESSION_MEMORY,
    });
    session.once('error', reject);
    session.once('connect', () => {
      session.off('error', reject);
      const opened: Opened = { session, socket, timings: dialled.timings, failure: undefined };
      session.on('error', (error: Error) => {
        opened.failure = error;
      });
      session.setLocalWindowSize(CONNECTION_WINDOW);
      resolve(opened);
    });
  });
}
