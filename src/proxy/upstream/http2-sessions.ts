import { connect, type ClientHttp2Session } from 'node:http2';
import type { OutgoingRequest } from '../forward/sides.ts';
import { poolKeyOf } from './agent.ts';
import type { Dial, DialTimings, Dialled } from './dial.ts';

export interface Session {
  readonly session: ClientHttp2Session;
  /** Taken by the first exchange. */
  timings: DialTimings | undefined;
}

const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 8 * 1024 * 1024;

/** HTTP/2 sessions to upstreams, one per origin, shared by all streams. */
export class Http2Sessions {
  readonly #dial: Dial;
  readonly #sessions = new Map<string, Promise<Session | undefined>>();

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** Starts a session on a connection that was dialled ahead. */
  adopt(poolKey: string, dialled: Dialled): void {
    void this.#keep(poolKey, openSession(dialled));
  }

  /** The session of an origin; undefined when the upstream chose HTTP/1.1 after all. Rejects when it cannot be dialled. */
  get(outgoing: OutgoingRequest): Promise<Session | undefined> {
    const key = poolKeyOf(outgoing.target, outgoing.pinnedTo);
    return this.#sessions.get(key) ?? this.#keep(key, this.#open(outgoing));
  }

  destroy(): void {
    for (const pending of this.#sessions.values()) {
      void pending.then(
        (open) => {
          open?.session.destroy();
        },
        () => undefined,
      );
    }
    this.#sessions.clear();
  }

  async #open(outgoing: OutgoingRequest): Promise<Session | undefined> {
    const dialled = await this.#dial(outgoing.target);
    if (outgoing.target.tls !== undefined && dialled.alpn !== 'h2') {
      dialled.socket.destroy();
      return undefined;
    }
    return openSession(dialled);
  }

  #keep(key: string, pending: Promise<Session | undefined>): Promise<Session | undefined> {
    this.#sessions.set(key, pending);
    const forget = (): void => {
      if (this.#sessions.get(key) === pending) this.#sessions.delete(key);
    };
    void pending.then((open) => {
      if (open === undefined) forget();
      open?.session.once('close', forget);
      open?.session.once('goaway', forget);
      open?.session.once('error', forget);
    }, forget);
    return pending;
  }
}

function openSession(dialled: Dialled): Promise<Session> {
  return new Promise((resolve, reject) => {
    const session = connect('https://upstream.invalid', {
      createConnection: () => dialled.socket,
      settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
    });
    session.once('error', reject);
    session.once('connect', () => {
      session.off('error', reject);
      session.on('error', () => undefined);
      session.setLocalWindowSize(CONNECTION_WINDOW);
      resolve({ session, timings: dialled.timings });
    });
  });
}
