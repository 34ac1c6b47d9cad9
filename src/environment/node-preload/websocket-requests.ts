import type { ClientRequest } from 'node:http';
import * as http from 'node:http';
import { destinationOf } from './agent-parts.ts';
import type { Agent, ConnectionOptions, CreateConnection } from './agent-parts.ts';
import type { ProxySettings } from './proxy-settings.ts';

/** What the package `ws` connects by where the program gives it no agent. */
const PLAIN_CONNECTIONS: ReadonlySet<string> = new Set(['netConnect', 'tlsConnect']);

interface RequestOptions extends ConnectionOptions {
  readonly createConnection?: CreateConnection;
  readonly _defaultAgent?: RequestAgent;
}

interface RequestAgent extends Agent {
  addRequest(request: Request, options: RequestOptions): void;
}

/** The parts of a request that its constructor uses; the same since Node 12. */
interface Request extends Omit<ClientRequest, 'agent'> {
  agent?: Pick<RequestAgent, 'addRequest'> | undefined;
  _last: boolean;
}

/**
 * Gives WebSocket requests an agent that have none, because `ws` makes their connection by itself, plainly: it is then
 * made as that agent makes its others. Node asks for one after the headers are set.
 */
export function adoptWebSockets(settings: ProxySettings): void {
  const prototype = http.ClientRequest.prototype as unknown as Request;
  const { setHeader } = prototype;
  const adoption = { addRequest: adoptWith(settings) };
  prototype.setHeader = function (this: Request, name, value) {
    // `_last`: its connection is being made already.
    const isUnconnected = this.agent === undefined && !this._last;
    if (isUnconnected && /^upgrade$/i.test(name) && value === 'websocket') this.agent = adoption;
    return setHeader.call(this, name, value);
  };
}

function adoptWith(settings: ProxySettings): RequestAgent['addRequest'] {
  return (request, options) => {
    request._last = true;
    request.shouldKeepAlive = false;
    const { createConnection, ...others } = options;
    const agent = options._defaultAgent ?? (http.globalAgent as unknown as RequestAgent);
    const place = destinationOf({ ...others, path: null }, agent.defaultPort ?? 80);
    const isPlain = createConnection !== undefined && PLAIN_CONNECTIONS.has(createConnection.name);
    if (isPlain && place !== undefined && !settings.isDirect(place)) {
      request.agent = agent;
      agent.addRequest(request, others);
      return;
    }
    request.agent = undefined;
    connectBare(request, options);
  };
}

/** As Node does it for a request without an agent. */
function connectBare(request: Request, options: RequestOptions): void {
  let isDone = false;
  const connected = (error: Error | null, socket?: Parameters<Request['onSocket']>[0]): void => {
    if (isDone) return;
    isDone = true;
    if (error !== null) process.nextTick(() => request.emit('error', error));
    else if (socket !== undefined) request.onSocket(socket);
  };
  try {
    const bare = { ...options, path: options.socketPath ?? null };
    const socket = options.createConnection?.call(undefined as never, bare, connected);
    if (socket) connected(null, socket);
  } catch (error) {
    connected(error as Error);
  }
}
