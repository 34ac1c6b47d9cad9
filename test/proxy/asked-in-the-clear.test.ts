import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('in-the-clear');
let origin: Origin;
let audited: AuditedProxy;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:443': origin.ports.https, 'other.test:443': origin.ports.https },
  });
});
afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

/** Asks the proxy itself for an `https` URL, as clients do that leave TLS to it. */
async function ask(url: string): Promise<{ status: number | undefined; body: string }> {
  const asked = request(audited.url, { path: url, headers: { host: new URL(url).host } });
  return new Promise((resolve, reject) => {
    asked.on('error', reject).on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    asked.end();
  });
}

it('an https URL asked of the proxy in the clear is fetched by TLS, and recorded as such', async () => {
  const { status, body } = await ask('https://origin.test/random/1000/clear');
  expect([status, body.length > 0]).toEqual([200, true]);
  expect(origin.log.at(-1)).toMatchObject({
    scheme: 'https',
    host: 'origin.test',
    path: '/random/1000/clear',
  });
  expect(origin.connections.at(-1)?.sni).toBe('origin.test');
  expect(audited.exchanges('/clear')).toMatchObject([
    { request: { url: 'https://origin.test/random/1000/clear' }, response: { status: 200, by: 'upstream' } },
  ]);
});

it('the certificate is verified for the name that was asked', async () => {
  const { status } = await ask('https://other.test/random/10/wrong-name');
  expect(status).toBe(502);
  expect(audited.exchanges('/wrong-name')[0]?.error).not.toBeNull();
});
