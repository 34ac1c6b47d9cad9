import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('http2-reuse');
let origin: Origin;
let audited: AuditedProxy;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test': origin.ports.https },
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

it('thousands of requests on one HTTP/2 connection are all answered on it', async () => {
  const requests = 2000;
  const line = ['curl', '-sS', '--http2', '--proxy', audited.url, '--cacert', audited.caFile];
  const url = `https://origin.test/random/500/[1-${requests}]`;
  const { stdout, stderr } = await runCommand([...line, '-o', '/dev/null', '-w', '%{http_code}\n', url]);
  expect(stderr).toBe('');
  expect(
    stdout
      .toString()
      .split('\n')
      .filter((status) => status === '200'),
  ).toHaveLength(requests);
  const whole = audited.exchanges('/random/').filter(({ response }) => response?.body.complete);
  expect(whole).toHaveLength(requests);
  expect(audited.of('connection-opened')).toHaveLength(1);
});
