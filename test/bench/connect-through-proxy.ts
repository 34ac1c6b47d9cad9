import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A TCP connection to `target`, by CONNECT where HTTPS_PROXY names a proxy. NO_PROXY is ignored: the bench decides. */
export async function connectThroughProxy(target: URL): Promise<Socket> {
  const proxy = process.env['HTTPS_PROXY'];
  const port = Number(target.port) || 443;
  const { hostname, port: proxyPort } = new URL(proxy ?? `http://${target.hostname}:${port}`);
  const socket = connect({ host: hostname, port: Number(proxyPort), noDelay: true });
  await once(socket, 'connect');
  if (proxy === undefined) return socket;
  const authority = `${target.hostname}:${port}`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    head += chunk.toString('latin1');
  }
  if (!/^HTTP\/1\.\d 200 /.test(head)) throw new Error(`CONNECT was refused: ${head.split('\r\n')[0]}`);
  return socket;
}
