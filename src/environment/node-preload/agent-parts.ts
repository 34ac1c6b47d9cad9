import { Socket } from 'node:net';
import type { ClientRequest } from 'node:http';
import type { Endpoint } from './proxy-settings.ts';
import type { SocketOptions } from './tunnel.ts';

/** What an agent hands to its `createConnection`. */
export interface ConnectionOptions extends SocketOptions {
  readonly host?: string | null;
  readonly port?: number | string | null;
  readonly path?: string | null;
  readonly socketPath?: string | null;
  readonly socket?: unknown;
  readonly timeout?: number;
  /** The key under which the agent keeps the connection. */
  readonly _agentKey?: string;
}

export type Connected = (error: Error | null, socket?: Socket) => void;
export type CreateConnection = (
  this: Agent,
  options: ConnectionOptions,
  connected?: Connected,
) => Socket | null | undefined;
type CreateSocket = (this: Agent, request: ClientRequest, ...rest: unknown[]) => unknown;

/** The parts of an http or https agent that we touch; the same since Node 8. */
export interface Agent {
  createConnection: CreateConnection;
  createSocket: CreateSocket;
  readonly options?: { readonly proxyEnv?: unknown };
  readonly sockets: Record<string, Socket[] | undefined>;
  totalSocketCount: number;
  readonly defaultPort?: number;
  getName(options: ConnectionOptions): string;
}

/** Undefined for what is no TCP connection by options: a unix socket, or a socket that is open already. */
export function destinationOf(options: ConnectionOptions | null, defaultPort: number): Endpoint | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  if (options.socketPath || options.path || options.socket) return undefined;
  return { host: options.host ?? 'localhost', port: Number(options.port ?? defaultPort) };
}

/**
 * Makes a connection count for `maxSockets` from the moment that it is begun, and end with its agent. The function
 * that it returns undoes that.
 */
export function reserve(agent: Agent, key: string | undefined, tunnel: Socket): () => void {
  if (key === undefined) return () => undefined;
  (agent.sockets[key] ??= []).push(tunnel);
  agent.totalSocketCount += 1;
  return () => {
    const sockets = agent.sockets[key];
    const index = sockets?.indexOf(tunnel) ?? -1;
    if (sockets === undefined || index < 0) return;
    sockets.splice(index, 1);
    if (sockets.length === 0) Reflect.deleteProperty(agent.sockets, key);
    agent.totalSocketCount -= 1;
  };
}

/** Fails by way of a socket, as direct connections do: only then does an agent serve the requests that wait. */
export function failLater(error: Error, connected: Connected): void {
  const socket = new Socket();
  connected(null, socket);
  process.nextTick(() => {
    socket.destroy(error);
  });
}

/** While there is no socket that could tell it, a request is told of its time-out as a socket would. */
export function watchTimeout(
  tunnel: Socket,
  request: ClientRequest | undefined,
  fallback: number | undefined,
): void {
  const timeout = (request as { timeout?: number } | undefined)?.timeout ?? fallback;
  if (request === undefined || timeout === undefined) return;
  tunnel.setTimeout(timeout, () => {
    request.emit('timeout');
    if (request.destroyed) tunnel.destroy();
  });
}
