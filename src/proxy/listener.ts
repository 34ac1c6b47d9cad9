import type { AddressInfo, Server } from 'node:net';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import type { Destination, ProxyOptions, UpstreamProxies } from './types.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0', '::']);

/** True for a place that leads back to us. */
export function isListener({ host, port }: Destination, server: Server): boolean {
  const address = server.address() as AddressInfo | null;
  return (
    address?.port === port &&
    (LOOPBACK_NAMES.has(host) || host === address.address || host.startsWith('127.'))
  );
}

/** What we would send on to ourselves would never arrive. */
function findLoop(proxies: UpstreamProxies | undefined, server: Server): AuditError | undefined {
  const named = (['http', 'https', 'all'] as const).flatMap((use) => proxies?.of(use) ?? []);
  const own = named.find((proxy) => isListener(proxy, server));
  if (own === undefined) return undefined;
  const message = `${own.source} names ${own.shown}, which is where proxaudit itself listens`;
  const hint = 'Choose another --port, another --upstream-proxy, or --upstream-proxy none.';
  return new AuditError('bad-usage', message, { hint });
}

/** Listens. Throws `AuditError` when it cannot, or when a proxy that we were to go through is ourselves. */
export function listen(server: Server, { host, port, upstreamProxies }: ProxyOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = port === 0 ? undefined : 'choose another --port, or 0 for a free one';
      reject(
        new AuditError('cannot-start', `cannot listen on ${host}:${port}: ${reasonOf(error)}`, {
          cause: error,
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    });
    server.listen({ host, port, backlog: 1024 }, () => {
      const loop = findLoop(upstreamProxies, server);
      if (loop === undefined) resolve();
      else
        server.close(() => {
          reject(loop);
        });
    });
  });
}
