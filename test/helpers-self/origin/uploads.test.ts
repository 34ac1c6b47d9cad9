import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../../helpers/origin/authority.ts';
import { startOrigin } from '../../helpers/origin/origin.ts';
import type { Origin } from '../../helpers/origin/origin.ts';
import { randomBody, sha256 } from '../../helpers/origin/random.ts';
import { runCommand } from '../../helpers/origin/run-command.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';

const workspace = createWorkspace('uploads');
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin(createAuthority(workspace.directory));
});
afterAll(async () => {
  await origin.close();
  workspace.remove();
});

const at = (path: string): string => `http://127.0.0.1:${origin.ports.http}${path}`;
const body = randomBody(200_000, 'upload');
const curl = (path: string, ...args: string[]) =>
  runCommand(['curl', '-sS', '--data-binary', '@-', ...args, at(path)], { input: body });

test.each(['echo', 'upload', 'slow-upload'])('/%s tells size and digest of what arrived', async (route) => {
  const response = await fetch(at(`/${route}`), { method: 'POST', body });
  expect(await response.json()).toMatchObject({ method: 'POST', size: 200_000, sha256: sha256(body) });
  await origin.settled();
  expect(origin.log.at(-1)?.requestBody).toEqual({ size: 200_000, sha256: sha256(body), complete: true });
});

test('/mirror sends back what it gets', async () => {
  const response = await fetch(at('/mirror'), { method: 'POST', body });
  expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
});

test('/expect/accept answers 100 Continue first', async () => {
  const { stderr, stdout } = await curl('/expect/accept', '-v', '-H', 'Expect: 100-continue');
  expect(stderr).toContain('< HTTP/1.1 100 Continue');
  expect(JSON.parse(stdout.toString())).toMatchObject({ size: 200_000 });
});

test('/expect/refuse answers 417 to a client that waits', async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { expect: '100-continue', 'content-length': 10 };
    const asked = request(at('/expect/refuse'), { method: 'PUT', headers }, (response) =>
      resolve(response.statusCode),
    );
    asked.on('continue', () => reject(new Error('100 Continue came')));
    asked.on('error', reject);
    asked.flushHeaders();
  });
  expect(status).toBe(417);
  await origin.settled();
});

test('chunked uploads with trailers are read to the end', async () => {
  const facts = await new Promise<string>((resolve, reject) => {
    const options = { method: 'POST', headers: { 'transfer-encoding': 'chunked', trailer: 'X-Sum' } };
    const asked = request(at('/echo'), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.write(body);
    asked.addTrailers({ 'X-Sum': '7' });
    asked.end();
  });
  expect(JSON.parse(facts)).toMatchObject({ size: 200_000, trailers: { 'x-sum': '7' } });
});
