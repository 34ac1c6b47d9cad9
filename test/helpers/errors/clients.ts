import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { AuditedProxy } from '../audited-proxy.ts';

/** What a client asks for, and how. */
export interface Attempt {
  readonly audited: AuditedProxy;
  /** Of the origins, for those who see them. */
  readonly originCaFile: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Speaks TLS; of a plain request: leaves that to the proxy. */
  readonly secure: boolean;
  readonly verifies: boolean;
  /** Said in place of a request. */
  readonly raw?: string | undefined;
}

/** Says in the words of `docs/errors.md` what a client sees. */
export type Client = (attempt: Attempt) => Promise<string>;

/** By the ways in of `docs/errors.md`. */
export const clients: Readonly<Record<string, Client>> = {
  CONNECT: connectByHttp,
  'CONNECT, `--passthrough`': connectByHttp,
  SOCKS5: connectBySocks,
  request,
  'HTTP/2': (attempt) => connectByHttp(attempt, askByHttp2),
};

function reach({ audited }: Attempt): Socket {
  const socket = connect({ port: audited.proxy.port, host: '127.0.0.1' });
  noteResets(socket, socket);
  return socket;
}

/** Connections that were reset, and the TLS on them. */
const wereReset = new WeakSet<Duplex>();

/** Node shows a reset as an end where bytes came in right before it; then the connection has no peer any more. */
function noteResets(stream: Duplex, socket: Socket): void {
  stream.on('error', ({ errno }: NodeJS.ErrnoException) => {
    if (errno !== undefined) wereReset.add(socket);
  });
  stream.prependListener('end', () => {
    const { _handle: handle } = stream as Duplex & { _handle?: { getpeername(into: object): number } | null };
    if (handle?.getpeername({}) !== 0) wereReset.add(socket);
  });
}

async function connectByHttp(attempt: Attempt, ask = askInTunnel): Promise<string> {
  const socket = reach(attempt);
  socket.write(attempt.raw ?? `CONNECT ${attempt.host}:${attempt.port} HTTP/1.1\r\n\r\n`);
  const answer = await readHead(socket);
  if (!answer.includes(' 200 ')) return describe(answer, await endOf(socket, socket));
  return ask(socket, attempt);
}

async function connectBySocks(attempt: Attempt): Promise<string> {
  const socket = reach(attempt);
  socket.write(Buffer.from([5, 1, 0]));
  await once(socket, 'readable');
  socket.read(2);
  const name = Buffer.from(attempt.host);
  const port = Buffer.from([attempt.port >> 8, attempt.port & 255]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, port]));
  await once(socket, 'readable');
  const reply = (socket.read(10) as Buffer)[1] ?? 0;
  return reply === 0 ? askInTunnel(socket, attempt) : `reply ${reply}`;
}

async function request(attempt: Attempt): Promise<string> {
  const { host, port, path, secure, raw } = attempt;
  const socket = reach(attempt);
  const url = `http${secure ? 's' : ''}://${host}:${port}${path}`;
  socket.write(raw ?? `GET ${url} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
  return hear(socket, socket);
}

async function askInTunnel(socket: Socket, attempt: Attempt): Promise<string> {
  const { host, path, secure } = attempt;
  const stream = secure ? await encrypt(socket, attempt, 'http/1.1') : socket;
  if (typeof stream === 'string') return stream;
  stream.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return hear(stream, socket);
}

async function askByHttp2(socket: Socket, attempt: Attempt): Promise<string> {
  const stream = await encrypt(socket, attempt, 'h2');
  if (typeof stream === 'string') return stream;
  const session = connectHttp2(`https://${attempt.host}`, { createConnection: () => stream });
  session.on('error', () => undefined);
  const asked = session.request({ ':path': attempt.path });
  let body = '';
  asked.on('error', () => undefined);
  asked.on('data', (chunk: Buffer) => (body += chunk.toString()));
  const headers: Record<string, unknown> = {};
  asked.on('response', (head) => Object.assign(headers, head));
  await new Promise((resolve) => asked.once('close', resolve));
  if (session.destroyed || stream.destroyed) return wereReset.has(socket) ? 'a reset' : 'the end';
  session.destroy();
  const status = headers[':status'];
  const own = /^proxaudit: ([\w-]+): /.exec(body)?.[1];
  if (typeof status === 'number' && own !== undefined) return `${status} \`${own}\``;
  if (asked.rstCode === constants.NGHTTP2_NO_ERROR) return status === undefined ? 'a reset' : 'the response';
  const name = Object.entries(constants).find(
    ([key, value]) => value === asked.rstCode && /^NGHTTP2_[A-Z_]+$/.test(key) && !key.includes('FLAG'),
  );
  const code = `RST_STREAM ${asked.rstCode}`;
  return status === undefined ? code : `the response, cut by ${name === undefined ? '?' : code}`;
}

/** The TLS connection, or what the client sees in its place. */
async function encrypt(socket: Socket, attempt: Attempt, protocol: string): Promise<Duplex | string> {
  const ca = [attempt.audited.caFile, attempt.originCaFile].map((file) => readFileSync(file, 'utf8'));
  const stream = connectTls({
    ...{ socket, servername: attempt.host, ca, ALPNProtocols: [protocol] },
    rejectUnauthorized: attempt.verifies,
  });
  noteResets(stream, socket);
  try {
    await once(stream, 'secureConnect');
    return stream;
  } catch (error) {
    const { code = '', errno } = error as NodeJS.ErrnoException;
    if (errno !== undefined || wereReset.has(socket)) return 'a reset';
    if (code === 'ECONNRESET') return 'the end';
    return /CERT|VERIFY/.test(code) && !code.startsWith('ERR_SSL') ? 'a certificate error' : 'a TLS error';
  }
}

async function readHead(socket: Socket): Promise<string> {
  let text = '';
  while (!text.includes('\r\n\r\n') && !socket.destroyed) {
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]).catch(() => undefined);
    text += (socket.read() as Buffer | null)?.toString('latin1') ?? '';
  }
  return text;
}

interface Heard {
  readonly text: string;
  readonly ending: 'end' | 'reset' | 'alert';
}

async function endOf(stream: Duplex, socket: Socket): Promise<Heard> {
  let text = '';
  let ending: Heard['ending'] = 'end';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  stream.on('error', ({ errno }: NodeJS.ErrnoException) => {
    if (errno === undefined) ending = 'alert';
  });
  stream.on('end', () => stream.end());
  if (!stream.destroyed) await new Promise((resolve) => stream.once('close', resolve));
  return { text, ending: wereReset.has(socket) ? 'reset' : ending };
}

async function hear(stream: Duplex, socket: Socket): Promise<string> {
  const heard = await endOf(stream, socket);
  return describe('', heard);
}

function describe(head: string, { text, ending }: Heard): string {
  const all = head + text;
  const [, status = ''] = /^HTTP\/1\.1 (\d+)/.exec(all) ?? [];
  const own = /\r\n\r\nproxaudit: ([\w-]+): /.exec(all)?.[1];
  if (own !== undefined) return `${status} \`${own}\``;
  const sign = { end: 'the end', reset: 'a reset', alert: 'a TLS error' }[ending];
  if (status === '') return sign;
  const length = Number(/Content-Length: (\d+)/i.exec(all)?.[1]);
  const isWhole = all.length - all.indexOf('\r\n\r\n') - 4 === length;
  return isWhole ? 'the response' : `the response, cut by ${sign}`;
}
