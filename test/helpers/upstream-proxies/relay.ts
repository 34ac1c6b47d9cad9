import { connect, type Socket } from 'node:net';

/** Where a proxy of the tests leads names: `host:port` to a port of 127.0.0.1; others are dialled as they are. */
export type Names = Readonly<Record<string, number>>;

export interface ProxyLog {
  /** What was asked: `CONNECT host:port`, `GET http://…`, `SOCKS5 host:port`. */
  readonly asked: string[];
  /** The Proxy-Authorization values, or `user:password` of SOCKS. */
  readonly credentials: string[];
}

/** Dials as a proxy would, and joins both sides with their half-closes. */
export function relay(
  client: Socket,
  authority: string,
  { names, connected, failed }: { names: Names; connected: () => void; failed: () => void },
): void {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(authority) ?? [];
  const named = names[authority];
  const upstream = connect({
    host: named === undefined ? (bracketed ?? plain) : '127.0.0.1',
    port: named ?? Number(port),
    allowHalfOpen: true,
  });
  let stands = false;
  upstream.once('connect', () => {
    stands = true;
    connected();
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => {
    if (stands) client.destroy();
    else failed();
  });
  client.on('error', () => upstream.destroy());
  client.on('close', () => upstream.destroy());
}
