import type { Authority } from './authority.ts';
import { bodyRoutes } from './routes/bodies.ts';
import { encodingRoutes } from './routes/encodings.ts';
import { headRoutes } from './routes/heads.ts';
import { paceRoutes } from './routes/pace.ts';
import type { Routes } from './routes/route.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { serve } from './serve.ts';
import type { LocalServer, Served } from './serve.ts';
import { acceptUpgrades } from './upgrades.ts';
import type { WebSocketLog } from './upgrades.ts';

export interface Origin extends LocalServer {
  readonly webSockets: WebSocketLog;
}

/** The origin of the tests: one route per way in which HTTP can carry a response, each exchange logged. */
export async function startOrigin(
  authority: Authority,
  names: readonly string[] = ['origin.test'],
): Promise<Origin> {
  const routes: Routes = {
    ...bodyRoutes,
    ...encodingRoutes,
    ...headRoutes,
    ...uploadRoutes,
    ...paceRoutes(),
  };
  const webSockets: WebSocketLog = { messages: [] };
  const server = await serve({
    authority,
    names,
    manualContinue: true,
    upgrade: acceptUpgrades(webSockets),
    handle: (served) => dispatch(routes, served),
  });
  return { ...server, webSockets };
}

function dispatch(routes: Routes, served: Served): void | Promise<void> {
  const [name = '', ...args] = served.url.pathname.slice(1).split('/').map(decodeURIComponent);
  const route = routes[name];
  if (served.continueAsked && name !== 'expect') served.response.writeContinue();
  if (!readsItsBody.has(name)) served.request.resume();
  if (route) return route({ ...served, args });
  served.response.writeHead(404, { 'content-type': 'text/plain' }).end(`no route ${name}\n`);
}

const readsItsBody = new Set(['echo', 'upload', 'mirror', 'expect', 'unread-upload', 'slow-upload']);
