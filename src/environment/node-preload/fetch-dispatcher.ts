import type { Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { ProxySettings } from './proxy-settings.ts';
import { failure } from './tunnel.ts';
import type { openTunnel } from './tunnel.ts';

/** Milliseconds; as long as undici waits for a direct connection. */
const timeout = 10_000;

/** A dispatcher like undici's own default, whose connections are tunnels through the proxy. */
export function createDispatcher(settings: ProxySettings, open: typeof openTunnel): Dispatcher {
  const direct = buildConnector({ timeout });
  return new Agent({
    connect: (options, callback) => {
      const isSecure = options.protocol === 'https:';
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
      const destination = { host, port: Number(options.port || (isSecure ? 443 : 80)) };
      if (settings.isDirect(destination)) {
        direct(options, callback);
        return;
      }
      const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };
      const tunnel = open({ ...settings, socketOptions }, destination, (error, socket) => {
        if (error !== null) callback(error, null);
        else if (isSecure) direct({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      });
      tunnel.setTimeout(timeout, () => {
        tunnel.destroy(failure(`The proxy did not open ${host} in time.`, 'UND_ERR_CONNECT_TIMEOUT'));
      });
    },
  });
}
