import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { connectThroughProxy } from './connect-through-proxy.ts';

/** One keep-alive connection. It reads bodies of a declared length without keeping them. */
export interface KeepAliveClient {
  /** Of the address's own path by default. Resolves when the whole response was read; rejects on anything but 200 with a length. */
  get(path?: string): Promise<void>;
  close(): void;
}

/** Opens a TLS connection for GET requests of one address, through HTTPS_PROXY where it is set. */
export async function openKeepAliveClient(url: URL): Promise<KeepAliveClient> {
  const transport = await connectThroughProxy(url);
  const name = isIP(url.hostname) ? {} : { servername: url.hostname };
  const socket = connectTls({ socket: transport, host: url.hostname, ...name });
  await once(socket, 'secureConnect');
  const reader = readResponses(socket);
  return {
    get(path = url.pathname) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: */*\r\n\r\n`);
      return reader.next();
    },
    close: () => void socket.destroy(),
  };
}

function readResponses(socket: TLSSocket): { next(): Promise<void> } {
  let head: Buffer = Buffer.alloc(0);
  let left = -1;
  let settle: { resolve: () => void; reject: (reason: Error) => void } | undefined;
  const fail = (reason: string) => () => settle?.reject(new Error(reason));
  socket.on('error', (error: Error) => settle?.reject(error));
  socket.on('end', fail('the connection ended'));
  socket.on('close', fail('the connection was closed'));
  socket.on('data', (chunk: Buffer) => {
    if (left < 0) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      left = bodyLength(head.toString('latin1', 0, end)) - (head.length - end - 4);
      if (Number.isNaN(left)) return settle?.reject(new Error(head.toString('latin1', 0, end)));
    } else left -= chunk.length;
    if (left > 0) return;
    head = Buffer.alloc(0);
    left = -1;
    settle?.resolve();
  });
  return { next: () => new Promise((resolve, reject) => (settle = { resolve, reject })) };
}

const bodyLength = (head: string): number =>
  /^HTTP\/1\.1 200 /.test(head)
    ? Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? Number.NaN)
    : Number.NaN;
