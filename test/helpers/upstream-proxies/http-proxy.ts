import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Leaf } from '../origin/authority.ts';
import { listenOnLoopback } from '../origin/listening.ts';
import { relay, type Names, type ProxyLog } from './relay.ts';

export interface HttpProxyOptions {
  readonly names?: Names;
  /** Speaks TLS to its clients. */
  readonly leaf?: Leaf;
  /** The only value of Proxy-Authorization that it takes. */
  readonly wants?: string;
  /** The challenges of its 407. */
  readonly challenges?: readonly string[];
  /** Answers a CONNECT with this, whatever it was, and nothing else. */
  readonly answer?: string;
  /** Never answers. */
  readonly isSilent?: boolean;
}

export interface TestProxy extends ProxyLog {
  readonly port: number;
  close(): Promise<void>;
}

/** A forward proxy for HTTP and CONNECT that logs what it is asked. */
export async function startHttpProxy(options: HttpProxyOptions = {}): Promise<TestProxy> {
  const { names = {}, leaf, wants } = options;
  const log: ProxyLog = { asked: [], credentials: [] };
  const isWelcome = ({ headers }: IncomingMessage): boolean => {
    const given = headers['proxy-authorization'];
    if (given !== undefined) log.credentials.push(given);
    return wants === undefined || given === wants;
  };
  const server = leaf === undefined ? createServer() : createTlsServer(leaf);
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    log.asked.push(`${incoming.method} ${incoming.url}`);
    if (options.isSilent) return;
    if (isWelcome(incoming)) forward(incoming, response, names);
    else response.writeHead(407, { 'proxy-authenticate': [...challengesOf(options)] }).end('who are you?');
  });
  server.on('connect', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const authority = incoming.url ?? '';
    log.asked.push(`CONNECT ${authority}`);
    client.on('error', () => undefined);
    client.allowHalfOpen = true;
    if (options.isSilent) return;
    if (options.answer !== undefined) return void client.end(options.answer);
    if (!isWelcome(incoming)) {
      const fields = challengesOf(options).map((challenge) => `Proxy-Authenticate: ${challenge}\r\n`);
      return void client.end(`HTTP/1.1 407 Who\r\n${fields.join('')}Content-Length: 4\r\n\r\nwho?`);
    }
    if (head.length > 0) client.unshift(head);
    relay(client, authority, {
      names,
      connected: () => client.write('HTTP/1.1 200 Connection established\r\nX-Proxy: test\r\n\r\n'),
      failed: () => client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
    });
  });
  Object.assign(server, { httpAllowHalfOpen: true });
  const listening = await listenOnLoopback(server);
  return { ...log, port: listening.port, close: () => listening.close() };
}

function challengesOf({ challenges = ['Basic realm="test, proxy"'] }: HttpProxyOptions): readonly string[] {
  return challenges;
}

function forward(incoming: IncomingMessage, response: ServerResponse, names: Names): void {
  const { host, port, pathname, search } = new URL(incoming.url ?? '');
  const authority = port === '' ? `${host}:80` : host;
  const headers = incoming.rawHeaders.filter(
    (_, index, all) => !/^proxy-/i.test(all[index - (index % 2)] ?? ''),
  );
  const onward = request({
    host: '127.0.0.1',
    port: names[authority] ?? (port || 80),
    method: incoming.method,
    path: pathname + search,
    headers,
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end());
  incoming.pipe(onward);
}
