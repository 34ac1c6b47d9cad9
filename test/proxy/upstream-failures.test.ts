import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { expect, it } from 'vitest';
import { describeCertificateFailure } from '../../src/proxy/upstream/failures.ts';

/** What TLS makes of a server that answers so. */
async function failWith(answer: string): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const error = await new Promise((resolve) => connect(port, '127.0.0.1').on('error', resolve));
  server.close();
  return error;
}

it('of a server that answers in the clear says that it may be one of http:// URLs', async () => {
  const error = await failWith('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  expect(describeCertificateFailure(error, 'a.example')).toEqual({
    cause: 'handshake-failed',
    advice: 'a.example did not answer in TLS: it may be a server of http:// URLs',
  });
});

it('of a server that refuses what TLS we offer says to leave it unread', async () => {
  const alert = Buffer.from([21, 3, 3, 0, 2, 2, 40]).toString('latin1');
  expect(describeCertificateFailure(await failWith(alert), 'a.example')?.advice).toBe(
    'a.example and proxaudit found no common TLS ground: try --passthrough a.example',
  );
});
