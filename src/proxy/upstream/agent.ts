import { Agent, type AgentOptions, type ClientRequest, type ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { formatAuthority } from '../front/authority.ts';
import type { DialTimings } from './connect-tcp.ts';
import type { Dial, Dialled, Target } from './dial.ts';
import type { UpstreamProxy } from '../types.ts';

/** What a request tells its agent. */
export interface AgentRequest extends ClientRequestArgs {
  readonly servername: '';
  readonly target: Target;
  readonly poolKey: string;
  /** Repeating it could do something twice: it only takes a connection that was in use a moment ago. */
  readonly isUnsafe: boolean;
}

interface PooledSocket extends Socket {
  freedAt?: number;
  /** Timings of the dial, for the first request on it; taken once. */
  dialTimings?: DialTimings | undefined;
}

const MAX_IDLE_PER_ORIGIN = 64;
const UNSAFE_REUSE_MS = 1000;

/** Pools HTTP/1.1 upstream connections by origin; dials through ours, so that every certificate is verified. */
export class UpstreamAgent extends Agent {
  readonly #dial: Dial;
  readonly #spare = new Map<string, Dialled[]>();

  constructor(dial: Dial) {
    super({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: MAX_IDLE_PER_ORIGIN, scheduling: 'lifo' });
    this.#dial = dial;
  }

  /** Keeps a connection that was dialled ahead for the next request of that origin. */
  adopt(poolKey: string, dialled: Dialled): void {
    if (dialled.socket.destroyed) return;
    const spare = this.#spare.get(poolKey) ?? [];
    this.#spare.set(poolKey, spare);
    spare.push(dialled);
    const drop = (): void => {
      const index = spare.indexOf(dialled);
      if (index >= 0) spare.splice(index, 1);
      if (spare.length === 0 && this.#spare.get(poolKey) === spare) this.#spare.delete(poolKey);
    };
    dialled.socket.once('close', drop);
    dialled.socket.on('error', drop);
  }

  /** Forgets idle connections of an origin after one of them proved stale. */
  dropIdle(poolKey: string): void {
    for (const socket of this.freeSockets[poolKey] ?? []) socket.destroy();
  }

  override destroy(): void {
    for (const spare of this.#spare.values()) for (const { socket } of [...spare]) socket.destroy();
    super.destroy();
  }

  override getName(options?: AgentOptions): string {
    return (options as AgentRequest | undefined)?.poolKey ?? '';
  }

  // Called by node:http for every request; the one place that knows both the method and the idle connections.
  addRequest(request: ClientRequest, options: AgentRequest): void {
    if (options.isUnsafe) this.#dropLongIdle(options.poolKey);
    // Not in the published types, though it is what subclasses of Agent override.
    (Agent.prototype as unknown as { addRequest: UpstreamAgent['addRequest'] }).addRequest.call(
      this,
      request,
      options,
    );
  }

  override keepSocketAlive(socket: PooledSocket): void {
    socket.freedAt = performance.now();
    // Node reads the answer, though the published types say there is none.
    // eslint-disable-next-line @typescript-eslint/no-confusing-void-expression
    return super.keepSocketAlive(socket);
  }

  override createConnection(
    args: ClientRequestArgs,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): null {
    const options = args as AgentRequest;
    const done = callback as (error: Error | null, socket?: Duplex) => void;
    const spare = this.#spare.get(options.poolKey)?.pop();
    const dialled = spare === undefined ? this.#dial(speakHttp1(options.target)) : Promise.resolve(spare);
    dialled.then(
      ({ socket, timings }) => {
        (socket as PooledSocket).dialTimings = spare === undefined ? timings : undefined;
        done(null, socket);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
    return null;
  }

  #dropLongIdle(poolKey: string): void {
    const now = performance.now();
    for (const socket of [...(this.freeSockets[poolKey] ?? [])] as PooledSocket[]) {
      if (now - (socket.freedAt ?? 0) > UNSAFE_REUSE_MS) socket.destroy();
    }
  }
}

function speakHttp1(target: Target): Target {
  return target.tls === undefined ? target : { ...target, tls: { ...target.tls, alpn: ['http/1.1'] } };
}

/** The timings of the dial when `socket` was dialled for this request; undefined when it was reused. */
export function takeDialTimings(socket: Socket): DialTimings | undefined {
  const pooled = socket as PooledSocket;
  const { dialTimings } = pooled;
  pooled.dialTimings = undefined;
  return dialTimings;
}

/** Upstream connections are shared by requests with equal keys. */
export function poolKeyOf(target: Target, pinnedTo: string | undefined, forwardedTo?: UpstreamProxy): string {
  if (forwardedTo !== undefined) return `${forwardedTo.shown} ${pinnedTo ?? ''}`;
  const tls = target.tls === undefined ? 'tcp' : `tls ${target.tls.servername ?? ''}`;
  return `${formatAuthority(target.destination)} ${tls} ${pinnedTo ?? ''}`;
}
