import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { findH2spec, runH2spec } from '../helpers/http2/h2spec.ts';
import { openTunnel } from '../helpers/http2/sessions.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { skipReason } from '../helpers/tools/cached-tool.ts';

/**
 * Cases that may end otherwise with the proxy than without, and why. So far there is none: Node serves HTTP/2 on both
 * sides, and what the proxy adds changes no verdict.
 */
const explained: Readonly<Record<string, string>> = {};

const h2spec = await findH2spec();
const workspace = createWorkspace('h2spec');
const listeners: Listening[] = [];
let audited: AuditedProxy;
let ports: { direct: Record<string, number>; through: Record<string, number> };

function answer(request: Http2ServerRequest, response: Http2ServerResponse): void {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('hello from the origin');
  });
}

async function listen(server: Server): Promise<number> {
  server.on('sessionError', () => undefined);
  const listening = await listenOnLoopback(server);
  listeners.push(listening);
  return listening.port;
}

/** h2spec knows no proxies: each of its connections goes on in a tunnel of its own. */
function tunnelTo(authority: string): Server {
  return createServer((client) => {
    client.on('error', () => undefined);
    openTunnel({ proxyPort: audited.proxy.port, authority }).then(
      (tunnel) => {
        client.pipe(tunnel);
        tunnel.pipe(client);
        tunnel.on('close', () => client.destroy());
        client.on('close', () => tunnel.destroy());
      },
      () => client.destroy(),
    );
  });
}

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  const leaf = authority.issue({ names: ['origin.test'] });
  const direct = {
    TLS: await listen(createSecureServer(leaf, answer)),
    plain: await listen(createHttp2Server(answer)),
  };
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:443': direct.TLS, 'origin.test:80': direct.plain },
  });
  const through = {
    TLS: await listen(tunnelTo('origin.test:443')),
    plain: await listen(tunnelTo('origin.test:80')),
  };
  ports = { direct, through };
});

afterAll(async () => {
  await audited.close();
  await Promise.all(listeners.map((listener) => listener.close()));
  workspace.remove();
});

/** Without the proxy and with it, at the same time: most of it is waiting. */
async function judge(directory: string, way: 'TLS' | 'plain') {
  const run = (name: 'direct' | 'through') =>
    runH2spec(directory, {
      port: ports[name][way] ?? 0,
      isSecure: way === 'TLS',
      reportFile: join(workspace.directory, `${way}-${name}.xml`),
    });
  const [direct, through] = await Promise.all([run('direct'), run('through')]);
  return { way, direct, through };
}

it.skipIf(h2spec.reason !== undefined)(
  `h2spec says the same of HTTP/2 with and without the proxy, by TLS and plain${skipReason(h2spec)}`,
  async () => {
    if (h2spec.reason !== undefined) return;
    const { directory } = h2spec;
    for (const { way, direct, through } of await Promise.all([
      judge(directory, 'TLS'),
      judge(directory, 'plain'),
    ])) {
      expect(through.size, way).toBeGreaterThan(140);
      expect([...through.keys()], way).toEqual([...direct.keys()]);
      const worse = [...through].filter(
        ([name, verdict]) => verdict !== direct.get(name) && verdict !== 'passed' && !(name in explained),
      );
      expect(worse, way).toEqual([]);
      const passed = [...through.values()].filter((verdict) => verdict === 'passed');
      expect(passed.length, way).toBeGreaterThan(130);
    }
    // The one case whose first bytes are no preface is not HTTP/2 on a plain connection.
    expect(audited.of('passed-through')).toHaveLength(1);
  },
);
