import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { callWithCore, grpcCore, startCoreServer, type CorePorts } from '../helpers/grpc/core.ts';
import { startProbeServer, type ProbeServer } from '../helpers/grpc/probe-service.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { skipReason } from '../helpers/tools/cached-tool.ts';
import { installTool } from '../helpers/tools/install-tool.ts';

const core = await installTool(grpcCore);
const workspace = createWorkspace('grpc-core');
const authority = createAuthority(workspace.directory);
let nodeServer: ProbeServer;
let coreServer: CorePorts;
let audited: AuditedProxy;

beforeAll(async () => {
  if (core.reason !== undefined) return;
  const leaf = authority.issue({ names: ['origin.test'] });
  nodeServer = await startProbeServer(leaf);
  coreServer = await startCoreServer(leaf, workspace.directory);
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: {
      'origin.test:443': nodeServer.ports.secure,
      'origin.test:80': nodeServer.ports.plain,
      'origin.test:8443': coreServer.secure,
      'origin.test:8080': coreServer.plain,
    },
  });
});

afterAll(async () => {
  if (core.reason !== undefined) return;
  await audited.close();
  nodeServer.close();
  coreServer.close();
  workspace.remove();
});

const ways = [
  { server: '@grpc/grpc-js', how: 'TLS', port: 443 },
  { server: '@grpc/grpc-js', how: 'prior knowledge', port: 80 },
  { server: 'the C core', how: 'TLS', port: 8443 },
  { server: 'the C core', how: 'prior knowledge', port: 8080 },
];

/** As the calls of `grpc-peer.py` end where nothing is between client and server. */
const statuses: Record<string, string> = {
  failure: '5',
  'ended early': '11',
  'failure after messages': '15',
};

describe.skipIf(core.reason !== undefined).each(ways)(
  `gRPC of the C core to a server of $server by $how${skipReason(core)}`,
  ({ server, how, port }) => {
    it('comes to the same with and without the proxy, and is recorded', async () => {
      const isSecure = how === 'TLS';
      const own = server === 'the C core' ? coreServer : nodeServer.ports;
      const before = audited.of('exchange-completed').length;
      const [withProxy, without] = await Promise.all([
        callWithCore({
          address: `origin.test:${port}`,
          rootsFile: isSecure ? audited.caFile : undefined,
          proxy: audited.url,
        }),
        callWithCore({
          address: `127.0.0.1:${isSecure ? own.secure : own.plain}`,
          rootsFile: isSecure ? authority.file : undefined,
          proxy: undefined,
        }),
      ]);
      expect(withProxy).toEqual(without);
      expect(withProxy).toHaveLength(13);

      await expect.poll(() => audited.of('exchange-completed').length).toBe(before + 112);
      const exchanges = audited.of('exchange-completed').slice(before);
      const told = exchanges.map(({ response, error }) => {
        if (response === null) return error?.code;
        if (!response.body.complete) return response.body.error;
        const status = String({ ...response.headers, ...response.trailers }['grpc-status']);
        // A server knows the deadline too, and may be the first to say that it has passed.
        return status === '4' ? 'client-closed' : status;
      });
      const expected = [
        ...withProxy.slice(0, -1).map(({ call }) => statuses[String(call)] ?? '0'),
        ...Array<string>(100).fill('0'),
      ];
      // The deadline and the cancelled call.
      expected.splice(10, 2, 'client-closed', 'client-closed');
      expect(told.sort()).toEqual(expected.sort());
      expect(new Set(exchanges.map(({ request }) => request.httpVersion))).toEqual(new Set(['2']));
      expect(audited.of('passed-through')).toEqual([]);
    });
  },
);
