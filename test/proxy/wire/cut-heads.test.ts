import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../../helpers/audited-proxy.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';

const workspace = createWorkspace('cut-heads');
/** What the origin says before it ends, by path. Lenient clients take a head for ended there. */
const CUT = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n';
const answers: Record<string, string> = {
  '/within-a-head': CUT,
  '/within-the-first-line': 'HTT',
  '/nothing': '',
};
const origin = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (bytes: Buffer) => {
    socket.end(answers[bytes.toString('latin1').split(' ')[1] ?? ''] ?? '');
  });
});
let audited: AuditedProxy;

beforeAll(async () => {
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  const { port } = origin.address() as AddressInfo;
  audited = await startAuditedProxy(workspace.directory, { resolve: { 'origin.test': port } });
});
afterAll(async () => {
  await audited.close();
  origin.close();
  workspace.remove();
});

/** What a client hears that asks for a path by a plain request. */
async function ask(path: string): Promise<{ heard: string; error: string | undefined }> {
  const socket: Socket = connect(audited.proxy.port, '127.0.0.1');
  let heard = '';
  let error: string | undefined;
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')));
  socket.on('error', (cause: NodeJS.ErrnoException) => (error = cause.code));
  socket.write(`GET http://origin.test${path} HTTP/1.1\r\nHost: origin.test\r\n\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  return { heard, error };
}

describe('an origin that ends within the head of its response to a plain request', () => {
  it.each(['/within-a-head', '/within-the-first-line'])(
    'is heard as it spoke, and ends (%s)',
    async (path) => {
      expect(await ask(path)).toEqual({ heard: answers[path], error: undefined });
      const [exchange] = audited.exchanges(path);
      expect(exchange?.error, 'its record').toBeDefined();
    },
  );

  it('resets the client where it said nothing', async () => {
    expect(await ask('/nothing')).toEqual({ heard: '', error: 'ECONNRESET' });
  });
});
