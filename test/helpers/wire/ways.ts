import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import type { End } from './play.ts';

/** How a client reaches the origin. */
export const ways = ['direct', 'connect', 'socks5', 'plain'] as const;
export type Way = (typeof ways)[number];

interface ReachOptions {
  readonly way: Way;
  /** The origin's own port, or the proxy's. */
  readonly port: number;
  /** `host:port`, for a proxy. */
  readonly authority: string;
  /** TLS is spoken with it. */
  readonly ca: string | undefined;
}

/** Connects a client; on return it can say what it has to say to the origin. */
export async function reach({ way, port, authority, ca }: ReachOptions): Promise<End> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  await once(socket, 'connect');
  const [host = '', originPort = ''] = authority.split(':');
  if (way === 'connect') {
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    await readExactly(socket, 'HTTP/1.1 200 Connection Established\r\n\r\n'.length);
  } else if (way === 'socks5') {
    socket.write(Buffer.from([5, 1, 0]));
    await readExactly(socket, 2);
    const name = Buffer.from(host);
    const portBytes = Buffer.alloc(2);
    portBytes.writeUInt16BE(Number(originPort));
    socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, portBytes]));
    await readExactly(socket, 10);
  }
  if (ca === undefined) return { stream: socket, socket };
  const stream = connectTls({ socket, ca, servername: host, allowHalfOpen: true } as object);
  await once(stream, 'secureConnect');
  return { stream, socket };
}

/** The origin's side of a connection. */
export function accept(socket: Socket, leaf: { cert: string; key: string } | undefined): End {
  if (leaf === undefined) return { stream: socket, socket };
  const options = { isServer: true, secureContext: createSecureContext(leaf), allowHalfOpen: true };
  return { stream: new TLSSocket(socket, options), socket };
}

async function readExactly(socket: Socket, length: number): Promise<Buffer> {
  let got = Buffer.alloc(0);
  while (got.length < length) {
    await once(socket, 'readable');
    got = Buffer.concat([got, (socket.read(length - got.length) as Buffer | null) ?? Buffer.alloc(0)]);
  }
  return got;
}
