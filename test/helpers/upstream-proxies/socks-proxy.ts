import { createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../origin/listening.ts';
import type { TestProxy } from './http-proxy.ts';
import { relay, type Names, type ProxyLog } from './relay.ts';

interface SocksProxyOptions {
  readonly names?: Names;
  /** `user:password`, or the user id of SOCKS 4. */
  readonly wants?: string;
  /** The result of every request, where it is not granted. */
  readonly result?: number;
}

/** A SOCKS 4, 4a and 5 proxy that logs what it is asked. It reads byte by byte what it needs. */
export async function startSocksProxy(options: SocksProxyOptions = {}): Promise<TestProxy> {
  const log: ProxyLog = { asked: [], credentials: [] };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined);
    const read = createReader(client);
    const serve = async (): Promise<void> => {
      const [version = 0] = await read(1);
      if (version === 5) await serve5(client, read, { ...options, log });
      else await serve4(client, read, { ...options, log });
    };
    serve().catch(() => client.destroy());
  });
  const listening = await listenOnLoopback(server);
  return { ...log, port: listening.port, close: () => listening.close() };
}

type Read = (count: number) => Promise<Buffer>;
type Parts = SocksProxyOptions & { readonly log: ProxyLog };

function createReader(client: Socket): Read {
  return async (count) => {
    for (;;) {
      const bytes = client.read(count) as Buffer | null;
      if (bytes !== null) return bytes;
      if (client.readableEnded || client.destroyed) throw new Error('ended');
      await new Promise((resolve) => {
        client.once('readable', resolve);
        client.once('close', resolve);
      });
    }
  };
}

async function serve5(client: Socket, read: Read, { names = {}, wants, result, log }: Parts): Promise<void> {
  const methods = [...(await read((await read(1))[0] ?? 0))];
  const method = wants === undefined ? 0 : 2;
  if (!methods.includes(method)) return void client.end(Buffer.from([5, 0xff]));
  client.write(Buffer.from([5, method]));
  if (method === 2) {
    await read(1);
    const user = await read((await read(1))[0] ?? 0);
    const password = await read((await read(1))[0] ?? 0);
    log.credentials.push(`${user.toString()}:${password.toString()}`);
    const isRight = log.credentials.at(-1) === wants;
    client.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return void client.end();
  }
  const [, , , kind] = await read(4);
  const host =
    kind === 1
      ? [...(await read(4))].join('.')
      : kind === 4
        ? `[${(await read(16)).toString('hex').match(/.{4}/g)?.join(':')}]`
        : (await read((await read(1))[0] ?? 0)).toString();
  const authority = `${host}:${(await read(2)).readUInt16BE()}`;
  log.asked.push(`SOCKS5 ${authority}`);
  const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  if (result !== undefined) return void client.end(reply(result));
  relay(client, authority, {
    names,
    connected: () => client.write(reply(0)),
    failed: () => client.end(reply(5)),
  });
}

async function serve4(client: Socket, read: Read, { names = {}, wants, result, log }: Parts): Promise<void> {
  const head = await read(7);
  const readText = async (): Promise<string> => {
    let text = '';
    for (;;) {
      const character = (await read(1)).toString('latin1');
      if (character === '\0') return text;
      text += character;
    }
  };
  const user = await readText();
  const address = [...head.subarray(3)].join('.');
  const host = address.startsWith('0.0.0.') ? await readText() : address;
  const authority = `${host}:${head.readUInt16BE(1)}`;
  log.asked.push(`${host === address ? 'SOCKS4' : 'SOCKS4A'} ${authority}`);
  const reply = (code: number): Buffer => Buffer.from([0, code, 0, 0, 0, 0, 0, 0]);
  if (result !== undefined) return void client.end(reply(result));
  if (wants !== undefined && user !== wants) return void client.end(reply(93));
  relay(client, authority, {
    names,
    connected: () => client.write(reply(90)),
    failed: () => client.end(reply(91)),
  });
}
