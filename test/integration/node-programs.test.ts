import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as TcpServer, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executable } from '../helpers/audit-run.ts';
import { startFaults } from '../helpers/origin/faults/faults.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { runProgram } from '../helpers/run-program.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('node-programs');
const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

async function listen(server: Server | TcpServer): Promise<number> {
  const listening: Listening = await listenOnLoopback(server);
  closing.push(() => listening.close());
  return listening.port;
}

/** What goes wrong on a connection that stands. */
const FAULTS = [
  'resetBeforeHead',
  'closeBeforeHead',
  'garbage',
  'shortBody',
  'resetMidBody',
  'truncatedChunk',
  'badStatusLine',
  'badChunk',
  'twoLengths',
  'lengthAndChunked',
  'controlBytesInHeader',
] as const;

const leaf = () => scene().authority.issue({ names: ['localhost', '127.0.0.1'] });

/** Runs a command without and with proxaudit, side by side: what it prints and its exit status must be the same. */
async function expectSame(argv: readonly string[]): Promise<string> {
  const { user, authority } = scene();
  const env = { ...user.env, NODE_EXTRA_CA_CERTS: authority.file };
  const options = { env, cwd: user.directory };
  const wrapper = [process.execPath, executable, '-q', '--include-local', '--'];
  const [direct, audited] = await Promise.all([
    runProgram(argv, options),
    runProgram([...wrapper, ...argv], options),
  ]);
  const see = ({ status, stdout, stderr }: typeof direct) => [status, stdout.toString(), stderr.toString()];
  expect(see(audited)).toEqual(see(direct));
  expect(direct.status, direct.stderr.toString()).toBe(0);
  return direct.stdout.toString();
}

const expectSameProgram = (script: string) => expectSame([process.execPath, '-e', script]);

describe('a response that is left unread does not keep a program from ending', () => {
  let ports: { readonly http: number; readonly https: number };
  beforeAll(async () => {
    const answer: RequestListener = (_request, response) => response.end('x'.repeat(200));
    const options = { keepAliveTimeout: 300 };
    ports = {
      http: await listen(createServer(options, answer)),
      https: await listen(createTlsServer({ ...leaf(), ...options }, answer)),
    };
  });

  it.each(['http', 'https'] as const)('by %s', async (scheme) => {
    const url = `${scheme}://127.0.0.1:${ports[scheme]}/`;
    const script = `require('${scheme}').get('${url}', (response) => console.log(response.statusCode))`;
    expect(await expectSameProgram(script)).toBe('200\n');
  });
});

describe('a program sees the errors that it would see without us', () => {
  const places: [name: string, url: string][] = [];
  beforeAll(async () => {
    const { authority, directory } = scene();
    const faults = await startFaults({ authority, directory, names: ['localhost'] });
    closing.push(() => faults.close());
    for (const scheme of ['http', 'https'] as const) {
      const ports = scheme === 'http' ? faults.plain : faults.secure;
      const at = (port: number) => `${scheme}://127.0.0.1:${port}/`;
      for (const name of FAULTS) places.push([`${name} ${scheme}`, at(ports[name])]);
      places.push([`refused ${scheme}`, at(faults.refused)]);
      places.push([`unknown ${scheme}`, `${scheme}://no-such-host.invalid/`]);
    }
  });

  const prelude = (): string => `
    const places = ${JSON.stringify(places)};
    // libuv takes a reset right behind data for an end, or not, and Node describes it by that.
    const describe = ({ code, syscall, errno, hostname }) =>
      code === 'ECONNRESET' ? code : [code, syscall, errno, hostname].join();
    const get = (module, url) => new Promise((resolve) => {
      module.get(url, (response) => {
        response.on('data', () => {}).on('end', () => resolve('end ' + response.complete));
        response.on('error', (error) => resolve('response ' + describe(error)));
      }).on('error', (error) => resolve('request ' + describe(error)));
    });`;

  it('by node:http and node:https', async () => {
    const printed = await expectSameProgram(`${prelude()}
      (async () => {
        for (const [name, url] of places) console.log(name, await get(require(url.split(':')[0]), url));
      })();`);
    expect(printed).toContain('refused https request ECONNREFUSED,connect');
    expect(printed).toContain('resetBeforeHead https request ECONNRESET');
    expect(printed).toMatch(/unknown https request (?:ENOTFOUND|EAI_AGAIN),getaddrinfo/);
  });

  // The undici of our preload gives what it cannot parse no code, and a reset that of an end.
  it('by fetch', async () => {
    const printed = await expectSameProgram(`${prelude()}
      (async () => {
        for (const [name, url] of places.filter(([name]) => /^(?:close|short|trunc|refused|unknown)/.test(name)))
          await fetch(url).then((response) => response.text()).then(
            (text) => console.log(name, text.length),
            (error) => console.log(name, error.message, describe(error.cause)),
          );
      })();`);
    expect(printed).toContain('refused http fetch failed ECONNREFUSED,connect');
  });
});

describe('connections are those of the client', () => {
  it.each(['http', 'https'] as const)('given up in a WebSocket handshake: %s', async (scheme) => {
    const arrived = new Deferred();
    const closed = new Deferred();
    const answer: RequestListener = (request, response) => {
      const [, event, id = ''] = (request.url ?? '').split('/');
      void (event === 'arrived' ? arrived : closed).of(id).then(() => response.end(`${event} `));
    };
    const server = scheme === 'http' ? createServer(answer) : createTlsServer(leaf(), answer);
    server.on('upgrade', ({ url = '' }, socket: Socket) => {
      const id = url.split('/')[2] ?? '';
      socket.on('error', () => undefined).resume();
      // Those of a server stay half open.
      socket.once('end', () => socket.destroy());
      socket.once('close', () => {
        closed.settle(id);
      });
      arrived.settle(id);
    });
    const port = await listen(server);
    const printed = await expectSameProgram(`
      const module_ = require('${scheme}');
      const place = (event) => '${scheme}://127.0.0.1:${port}/' + event + '/' + process.pid;
      const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
      const request = module_.get(place('socket'), { headers });
      request.on('error', () => {});
      const wait = (event, then) => module_.get(place(event), (response) => {
        response.on('data', (text) => process.stdout.write(text)).on('end', then);
      });
      wait('arrived', () => {
        request.destroy();
        const late = setTimeout(() => process.exit(1), 8000);
        wait('closed', () => clearTimeout(late));
      });`);
    expect(printed).toBe('arrived closed ');
  });

  it('and not those of another one: a second curl comes to the server that has started in the meantime', async () => {
    let connections = 0;
    const start = (name: string): Server =>
      createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
        if (request.url !== '/restart') {
          response.end(`${name} `);
          return;
        }
        // It serves the connections that it has until they end.
        (running as TcpServer).close();
        running = start('second');
        running.listen(port, '127.0.0.1', () => response.end('restarted '));
      }).on('connection', () => (connections += 1));
    let running = start('first');
    const port = await listen(running);
    closing.push(
      () =>
        new Promise((resolve) =>
          (running as TcpServer).close(() => {
            resolve();
          }),
        ),
    );
    const { user } = scene();
    const url = `http://127.0.0.1:${port}`;
    const line = `curl -s ${url}/; curl -s ${url}/restart; curl -s ${url}/`;
    const result = await user.proxaudit(['-q', '--include-local', '-c', line]);
    expect(result.stdout.toString()).toBe('first restarted second ');
    expect(connections).toBe(3);
  });
});

interface Event {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Events by name, which may be waited for before or after they come. */
class Deferred {
  readonly #events = new Map<string, Event>();

  of(name: string): Promise<void> {
    return this.#event(name).promise;
  }

  settle(name: string): void {
    this.#event(name).resolve();
  }

  #event(name: string): Event {
    const known = this.#events.get(name);
    if (known !== undefined) return known;
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((resolved) => (resolve = resolved));
    const event = { promise, resolve };
    this.#events.set(name, event);
    return event;
  }
}
