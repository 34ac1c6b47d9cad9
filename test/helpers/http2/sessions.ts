import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface TunnelOptions {
  /** Where the proxy listens on 127.0.0.1. */
  readonly proxyPort: number;
  /** `host:port` of the CONNECT. */
  readonly authority: string;
}

/** A CONNECT tunnel of a proxy. */
export async function openTunnel({ proxyPort, authority }: TunnelOptions): Promise<Socket> {
  const socket = connect(proxyPort, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\n\r\n`);
  let answer = Buffer.alloc(0);
  while (!answer.includes('\r\n\r\n')) {
    await once(socket, 'readable');
    answer = Buffer.concat([answer, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
  }
  if (!answer.toString().startsWith('HTTP/1.1 200')) throw new Error(answer.toString());
  // A server that speaks first may have spoken already.
  const rest = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
  if (rest.length > 0) socket.unshift(rest);
  return socket;
}

/** An HTTP/2 session on a connection: TLS where a CA is given, else prior knowledge. */
export async function openHttp2(socket: Socket, caFile?: string): Promise<ClientHttp2Session> {
  const options = {
    settings: { enablePush: false },
    ...{ maxHeaderListPairs: 10_000, maxSendHeaderBlockLength: 1_000_000 },
  };
  if (caFile === undefined)
    return quiet(connectHttp2('http://origin.test', { createConnection: () => socket, ...options }));
  const ca = readFileSync(caFile);
  const tls = connectTls({ socket, servername: 'origin.test', ca, ALPNProtocols: ['h2'] });
  await once(tls, 'secureConnect');
  return quiet(connectHttp2('https://origin.test', { createConnection: () => tls, ...options }));
}

function quiet(session: ClientHttp2Session): ClientHttp2Session {
  session.on('error', () => undefined);
  return session;
}
