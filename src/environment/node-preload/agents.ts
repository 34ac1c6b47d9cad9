import type { ClientRequest } from 'node:http';
import * as http from 'node:http';
import type * as Https from 'node:https';
import { createRequire } from 'node:module';
import { destinationOf, failLater, reserve, watchTimeout } from './agent-parts.ts';
import type { Agent, Connected, ConnectionOptions, CreateConnection } from './agent-parts.ts';
import { isKeepAliveAgent, tunnelFirst } from './keep-alive-agents.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { openTunnel } from './tunnel.ts';

/** The request for which an agent is making a connection right now. */
let current: ClientRequest | undefined;

/**
 * Leads the connections of all agents, also of those that programs make, through the proxy: their prototypes are shared
 * by CommonJS and ES modules. Agents with a `createConnection` of their own proxy by themselves and are left alone.
 */
export function patchAgents(settings: ProxySettings): void {
  const agent = http.Agent.prototype as unknown as Agent;
  const { createSocket } = agent;
  patchConnections(agent, settings, 80);
  const patched = agent.createConnection;
  let isHttpsPatched = false;
  // Loading node:https can take as long as starting Node. Its agents inherit this, so it waits until one is used.
  agent.createSocket = function (request, ...rest) {
    if (!isHttpsPatched && this.createConnection !== patched) {
      isHttpsPatched = true;
      const https = createRequire(__filename)('https') as typeof Https;
      patchConnections(https.Agent.prototype as unknown as Agent, settings, 443);
    }
    const outer = current;
    current = request;
    try {
      const create = (options: ConnectionOptions, created: Connected) =>
        createSocket.call(this, request, options, created);
      if (isKeepAliveAgent(this) && tunnelFirst(this, { request, rest, settings, create })) return undefined;
      return createSocket.call(this, request, ...rest);
    } finally {
      current = outer;
    }
  };
}

function patchConnections(prototype: Agent, settings: ProxySettings, defaultPort: 80 | 443): void {
  const { createConnection } = prototype;
  const patched: CreateConnection = function (options, connected) {
    const destination = isPlain(this, patched) ? destinationOf(options, defaultPort) : undefined;
    if (destination === undefined || connected === undefined || settings.isDirect(destination)) {
      return createConnection.call(this, options, connected);
    }
    const { timeout, noDelay, keepAlive, keepAliveInitialDelay } = options;
    const socketOptions = { noDelay, keepAlive, keepAliveInitialDelay };
    const tunnel = openTunnel({ ...settings, socketOptions }, destination, (error, socket) => {
      release();
      if (error !== null) {
        failLater(error, connected);
      } else if (defaultPort === 80) {
        if (timeout) socket.setTimeout(timeout);
        connected(null, socket);
      } else {
        connected(null, createConnection.call(this, { ...options, socket }) ?? socket);
      }
    });
    const release = reserve(this, options._agentKey, tunnel);
    watchTimeout(tunnel, current, timeout);
    return undefined;
  };
  prototype.createConnection = patched;
}

/**
 * False for an agent whose own method calls this one, because it may want a socket at once (agentkeepalive's takes a
 * later one), and for one whose `proxyEnv` says that Node itself proxies for it (from 22.21 and 24.5).
 */
function isPlain(agent: Agent, patched: CreateConnection): boolean {
  const isOurs = agent.createConnection === patched || isKeepAliveAgent(agent);
  return isOurs && agent.options?.proxyEnv === undefined;
}
