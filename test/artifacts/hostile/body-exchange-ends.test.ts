import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../../helpers/audited-proxy.ts';
import { listenOnLoopback, type Listening } from '../../helpers/origin/listening.ts';
import { randomText } from '../../helpers/origin/random.ts';
import { codings, distortions } from './coded-bodies.ts';

const framings = ['length', 'chunked', 'close'] as const;
type Framing = (typeof framings)[number];

interface Answer {
  readonly coding: string;
  readonly body: Buffer;
}

/** Answers `/FRAMING/NUMBER` with that one of `answers`, as raw bytes. */
function createOrigin(answers: readonly Answer[]): Server {
  return createServer((socket) => {
    let head = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      const [, framing = '', number = ''] = /^GET \/(\w+)\/(\d+) /.exec(head) ?? [];
      head = '';
      const answer = answers[Number(number)];
      if (answer !== undefined) send(socket, framing as Framing, answer);
    });
  });
}

function send(socket: Socket, framing: Framing, { coding, body }: Answer): void {
  const framed = {
    length: `Content-Length: ${body.length}\r\n`,
    chunked: 'Transfer-Encoding: chunked\r\n',
    close: 'Connection: close\r\n',
  };
  socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\n${framed[framing]}\r\n`);
  if (framing !== 'chunked') socket.write(body);
  else {
    for (let at = 0; at < body.length; at += 50_000) {
      const chunk = body.subarray(at, at + 50_000);
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write('\r\n');
    }
    socket.write('0\r\n\r\n');
  }
  if (framing === 'close') socket.end();
}

// Larger than what a stream holds back: a decoder that has stopped must not stop the bodies.
const plain = Buffer.from(randomText(150_000, 'exchange'));
const answers = Object.entries(codings).flatMap(([coding, encode]) => [
  ...Object.values(distortions).map(({ make, why }) => ({ coding, body: make(encode(plain)), why })),
  { coding, body: Buffer.alloc(0), why: undefined },
]);

let directory: string;
let proxy: AuditedProxy;
let origin: Listening;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-ends-'));
  origin = await listenOnLoopback(createOrigin(answers));
  proxy = await startAuditedProxy(directory);
});
afterAll(async () => {
  await proxy.close();
  await origin.close();
  rmSync(directory, { recursive: true });
});

function get(path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${origin.port}${path}`;
    request({ port: proxy.proxy.port, path: url, host: '127.0.0.1', agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve(Buffer.concat(chunks));
      });
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('an exchange', () => {
  it.each(framings)('ends whatever its coding, and its client has every byte (%s)', async (framing) => {
    const bodies = await Promise.all(answers.map((_, number) => get(`/${framing}/${number}`)));
    // Of a body of announced length the client has the last byte before the exchange has ended.
    await vi.waitFor(() => {
      expect(proxy.exchanges(`/${framing}/`)).toHaveLength(answers.length);
    }, 10_000);
    for (const [number, { coding, body, why }] of answers.entries()) {
      const about = `${coding} ${number}`;
      expect(bodies[number]?.equals(body), about).toBe(true);
      const [exchange, ...more] = proxy
        .exchanges(`/${framing}/${number}`)
        .filter(({ request: { url } }) => url.endsWith(`/${number}`));
      expect(more).toEqual([]);
      const facts = exchange?.response?.body;
      expect(facts, about).toMatchObject({ size: body.length, complete: true, sha256: sha256(body) });
      if (body.length === 0) expect(facts, about).not.toHaveProperty('undecoded');
      else if (why === undefined)
        expect(facts?.decoded, about).toEqual({ size: plain.length, sha256: sha256(plain) });
      else {
        expect(why, about).toContain(facts?.undecoded);
        expect(facts, about).not.toHaveProperty('decoded');
      }
    }
  });
});
