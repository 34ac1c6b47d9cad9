import { join } from 'node:path';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('closed-clients');
const heard = new Map<string, string>();
let origin: Listening;

beforeAll(async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.set(request.url ?? '', body);
      response.end('ok');
    });
  });
  // It answers clients that have ended their side, as most servers do.
  Object.assign(server, { httpAllowHalfOpen: true });
  origin = await listenOnLoopback(server);
});
afterAll(() => origin.close());

const COUNT = 40;

/** Sends whole requests on connections of their own, each of which it leaves at once, and ends. */
const sender = (how: string, target: string): string => `
import os, socket, struct, sys
from urllib.parse import urlsplit
proxy = urlsplit(os.environ["http_proxy"])
for index in range(${COUNT}):
    c = socket.socket(); c.connect((proxy.hostname, proxy.port))
    c.sendall(b"POST ${target}/%d HTTP/1.1\\r\\nHost: any\\r\\nConnection: close\\r\\nContent-Length: 4\\r\\n\\r\\nbody" % index)
    ${how}
`;

describe('clients that say all and do not wait', () => {
  it.each([
    ['close', 'c.close()'],
    ['end-and-close', 'c.shutdown(socket.SHUT_WR); c.close()'],
    ['reset', 'c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()'],
    ['die', 'os.fork() or os.kill(os.getpid(), 9); c.close()'],
  ])('are served, or said not to be: %s', async (name, how) => {
    const { user, directory } = scene();
    const journal = join(directory, `${name}.jsonl`);
    const program = sender(how, `http://127.0.0.1:${origin.port}/${name}`);
    const command = ['python3', '-I', '-c', program];
    const result = await user.proxaudit(['-o', journal, '--include-local', '--', ...command]);
    expect(result.code, result.stderr.toString()).toBe(0);
    expect((await checkJournal(journal)).code).toBe(0);
    const told = readJournal(journal);
    const refused = told
      .of('blind-spot')
      .filter(({ kind }) => kind === 'refused')
      .reduce((sum, { count = 1 }) => sum + count, 0);
    const arrived = [...heard].filter(([url]) => url.startsWith(`/${name}/`));
    expect(told.exchanges.length + refused).toBe(COUNT);
    expect(new Set(told.exchanges.map(({ request }) => request.body.size))).toEqual(new Set([4]));
    if (name !== 'reset') expect(arrived.length).toBe(told.exchanges.length);
    expect(new Set(arrived.map(([, body]) => body))).toEqual(new Set(['body']));
    const summary = result.stderr.toString().replace(/\s+/g, ' ');
    if (refused > 0) expect(summary).toContain(`! ${refused} connection`);
    expect(summary).not.toContain('no traffic seen');
  });

  it('still get the answer when they have only ended their side', async () => {
    const { user, directory } = scene();
    const journal = join(directory, 'half.jsonl');
    const program = sender(
      'c.shutdown(socket.SHUT_WR); print(c.recv(15)); c.close()',
      `http://127.0.0.1:${origin.port}/half`,
    );
    const result = await user.proxaudit([
      '-o',
      journal,
      '--include-local',
      '--',
      'python3',
      '-I',
      '-c',
      program,
    ]);
    expect(new Set(result.stdout.toString().trim().split('\n'))).toEqual(new Set(["b'HTTP/1.1 200 OK'"]));
    expect(readJournal(journal).exchanges).toHaveLength(COUNT);
  });
});
