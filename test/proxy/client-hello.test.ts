import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseClientHello } from '../../src/proxy/front/client-hello.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';

let listening: Listening;
const accepted: Socket[] = [];

beforeAll(async () => {
  listening = await listenOnLoopback(createServer((socket) => accepted.push(socket)));
});

afterAll(async () => {
  await listening.close();
});

/** What Node's TLS says first. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const client = connectTls({
    port: listening.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...options,
  });
  client.on('error', () => undefined);
  await expect.poll(() => accepted.length).toBeGreaterThan(0);
  const socket = accepted.pop();
  const [bytes] = (await once(socket as Socket, 'data')) as [Buffer];
  client.destroy();
  return bytes;
}

const read = (bytes: Buffer): unknown => {
  const parsed = parseClientHello(bytes);
  return parsed.state === 'complete' ? parsed.hello : parsed.state;
};

describe('a ClientHello', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('of %s tells its names at every cut', async (version) => {
    const bytes = await helloOf({
      ...{ servername: 'Good.Example', ALPNProtocols: ['h2', 'http/1.1'] },
      ...{ minVersion: version, maxVersion: version },
    });
    for (let cut = 0; cut < bytes.length; cut += 1) expect(read(bytes.subarray(0, cut))).toBe('incomplete');
    const hello = { sni: 'good.example', claimedName: 'good.example', alpn: ['h2', 'http/1.1'] };
    expect(read(bytes)).toEqual(hello);
    expect(read(Buffer.concat([bytes, Buffer.from('more')]))).toEqual(hello);
  });

  it('in several records is the same, as servers take it so', async () => {
    const bytes = await helloOf({ servername: 'evil.example' });
    for (const size of [1, 3, 50, 200])
      expect(read(inRecordsOf(bytes, size))).toMatchObject({ sni: 'evil.example' });
  });

  it('without names has none', async () => {
    expect(read(await helloOf({}))).toEqual({ sni: undefined, claimedName: undefined, alpn: [] });
  });

  it('with a server name that is none tells it, and does not have it sent on', () => {
    expect(read(helloWith(sniOf('a b.example')))).toMatchObject({
      sni: undefined,
      claimedName: 'a b.example',
    });
    expect(read(helloWith(sniOf('EVIL.example.')))).toMatchObject({
      sni: 'evil.example',
      claimedName: 'evil.example',
    });
    expect(read(helloWith(sniOf('127.0.0.1')))).toMatchObject({ claimedName: '127.0.0.1' });
  });

  it('that is damaged has no names, and nothing is thrown', async () => {
    const whole = await helloOf({ servername: 'good.example', ALPNProtocols: ['h2'] });
    for (let index = 0; index < whole.length; index += 1) {
      const damaged = Buffer.from(whole);
      damaged[index] = 255 - (damaged[index] ?? 0);
      expect(() => parseClientHello(damaged)).not.toThrow();
    }
    expect(read(Buffer.from('\u0016no TLS at all'))).toEqual({
      sni: undefined,
      claimedName: undefined,
      alpn: [],
    });
    expect(read(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0]))).toMatchObject({ sni: undefined });
  });
});

function inRecordsOf(bytes: Buffer, size: number): Buffer {
  const message = bytes.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part);
  }
  return Buffer.concat(records);
}

function withLength(size: number, bytes: Buffer): Buffer {
  const length = Buffer.alloc(size);
  length.writeUIntBE(bytes.length, 0, size);
  return Buffer.concat([length, bytes]);
}

function sniOf(name: string): Buffer {
  const entry = Buffer.concat([Buffer.from([0]), withLength(2, Buffer.from(name))]);
  return Buffer.concat([Buffer.from([0, 0]), withLength(2, withLength(2, entry))]);
}

function helloWith(extensions: Buffer): Buffer {
  const body = Buffer.concat([
    Buffer.alloc(34, 3),
    withLength(1, Buffer.alloc(0)),
    withLength(2, Buffer.from([0x13, 1])),
    withLength(1, Buffer.from([0])),
    withLength(2, extensions),
  ]);
  const message = Buffer.concat([Buffer.from([1]), withLength(3, body)]);
  return Buffer.concat([Buffer.from([22, 3, 1]), withLength(2, message)]);
}
