import type { ClientRequest } from 'node:http';
import { destinationOf, reserve, watchTimeout } from './agent-parts.ts';
import type { Agent, Connected, ConnectionOptions } from './agent-parts.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { openTunnel } from './tunnel.ts';

interface Creation {
  readonly request: ClientRequest;
  /** The arguments of `createSocket` after the request. */
  readonly rest: readonly unknown[];
  readonly settings: ProxySettings;
  /** Node's own `createSocket`. */
  readonly create: (options: ConnectionOptions, created: Connected) => unknown;
}

/** An agent of the package agentkeepalive, which many clients of cloud services and older versions of npm bring along. */
export function isKeepAliveAgent(agent: Agent): boolean {
  return 'createSocketCount' in agent && 'getCurrentStatus' in agent;
}

/**
 * Its agent for HTTPS keeps Node's own `createConnection` from before it was patched, and wants the socket at once: it
 * is given a tunnel that is open already. False where the connection is none for the proxy.
 */
export function tunnelFirst(agent: Agent, { request, rest, settings, create }: Creation): boolean {
  const [options, created] = rest as [ConnectionOptions | undefined, Connected | undefined];
  if (agent.defaultPort !== 443 || options === undefined || typeof created !== 'function') return false;
  const merged = { ...options, ...agent.options };
  const destination = destinationOf(merged, 443);
  if (destination === undefined || settings.isDirect(destination)) return false;
  const { timeout, noDelay, keepAlive, keepAliveInitialDelay } = merged;
  const socketOptions = { noDelay, keepAlive, keepAliveInitialDelay };
  const tunnel = openTunnel({ ...settings, socketOptions }, destination, (error, socket) => {
    release();
    if (error !== null) created(error);
    else create({ ...options, socket }, created);
  });
  const release = reserve(agent, agent.getName(merged), tunnel);
  watchTimeout(tunnel, request, timeout);
  return true;
}
