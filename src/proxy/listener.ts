import type { Server } from 'node:net';
import type { LoopGuard } from './loop-guard.ts';
import { resolveHost } from './upstream/resolve-host.ts';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import type { Destination, ProxyOptions, UpstreamProxies } from './types.ts';

/** What we would send on to ourselves would never arrive. */
async function findLoop(
  proxies: UpstreamProxies | undefined,
  guard: LoopGuard,
): Promise<AuditError | undefined> {
  const named = (['http', 'https', 'all'] as const).flatMap((use) => proxies?.of(use) ?? []);
  const near = named.filter(({ port }) => guard.isOwnPort(port));
  const addresses = await Promise.all(near.map(({ host }) => resolveHost(host).catch((): string[] => [])));
  const own = near.find(({ port }, index) => addresses[index]?.some((address) => guard.isOwn(address, port)));
  if (own === undefined) return undefined;
  const message = `${own.source} names ${own.shown}, which is where proxaudit itself listens`;
  const hint = 'Choose another --port, another --upstream-proxy, or --upstream-proxy none.';
  return new AuditError('bad-usage', message, { hint });
}

/** Listens. Throws `AuditError` when it cannot, or when a proxy that we were to go through is ourselves. */
export async function listen(
  server: Server,
  { host, port, upstreamProxies }: Pick<ProxyOptions, 'host' | 'port' | 'upstreamProxies'>,
  guard: LoopGuard,
): Promise<void> {
  await bind(server, { host, port });
  const loop = await findLoop(upstreamProxies, guard);
  if (loop === undefined) return;
  await new Promise((resolve) => server.close(resolve));
  throw loop;
}

function bind(server: Server, { host, port }: Destination): Promise<void> {
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
    server.listen({ host, port, backlog: 1024 }, resolve);
  });
}
