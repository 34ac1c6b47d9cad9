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
let uploaded = '';
const origin = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => (uploaded += bytes.toString('latin1')));
  socket.once('data', (bytes: Buffer) => {
    if (bytes.includes('/early')) {
      socket.write('HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno');
      socket.once('end', () => socket.end());
      return;
    }
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

describe('a client that ends within an upload that was answered already', () => {
  it('has all that it said sent on', async () => {
    const socket = connect({ port: audited.proxy.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('POST http://origin.test/early HTTP/1.1\r\nHost: origin.test\r\n');
    socket.write('Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    let heard = '';
    socket.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')));
    await expect.poll(() => heard).toMatch(/no$/);
    socket.end('1\r\nb\r\n01; a=b');
    await expect.poll(() => uploaded).toMatch(/\r\n1\r\na\r\n1\r\nb\r\n01; a=b$/);
    socket.destroy();
  });
});
