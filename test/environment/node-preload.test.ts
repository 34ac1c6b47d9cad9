import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBed } from './preload-bed.ts';
import type { Bed, RunOptions } from './preload-bed.ts';

/** Other versions to try: paths of node binaries, separated by colons. */
const nodes = [process.execPath, ...(process.env['PROXAUDIT_TEST_NODES'] ?? '').split(':')].filter(
  (path) => path !== '',
);

/** `get(module, options)` resolves with the body, or with `error CODE`. */
const prelude = `
  const http = require('http'), https = require('https');
  const call = (module, options, body) => new Promise((resolve) => {
    const request = module.request(options, (response) => {
      let text = ''; response.on('data', (chunk) => text += chunk); response.on('end', () => resolve(text));
    });
    request.on('error', (error) => resolve('error ' + error.code));
    request.end(body);
  });
  const print = (value) => console.log(JSON.stringify(value));
`;

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed();
});
afterAll(() => {
  bed.close();
});
beforeEach(() => {
  bed.reset();
});

describe.each(nodes)('the preload in %s', (node) => {
  async function run(script: string, options: RunOptions = {}): Promise<unknown> {
    const result = await bed.run(options.kind === 'mjs' ? script : prelude + script, { node, ...options });
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    return result.stdout === '' ? undefined : JSON.parse(result.stdout);
  }

  it('leads http and https through CONNECT', async () => {
    const bodies = await run(`(async () => print([
      await call(http, 'http://a.example/one'), await call(https, 'https://b.example/two'),
      await call(http, { host: 'c.example', port: 8080, path: '/three' }),
    ]))()`);
    expect(bodies).toEqual(['seen /one', 'seen /two', 'seen /three']);
    expect(bed.tunnels).toEqual(['a.example:80', 'b.example:443', 'c.example:8080']);
    expect(bed.requests).toEqual(['GET /one', 'GET /two', 'GET /three']);
  });

  it('serves agents of the program: keep-alive, subclasses, agent: false', async () => {
    const bodies = await run(`
      class Own extends https.Agent {}
      const agent = new https.Agent({ keepAlive: true });
      (async () => { print([
        await call(https, { host: 'a.example', path: '/1', agent }), await call(https, { host: 'a.example', path: '/2', agent }),
        await call(https, { host: 'b.example', path: '/3', agent: new Own() }),
        await call(https, { host: 'c.example', path: '/4', agent: false }), await call(http, { host: 'd.example', path: '/5', agent: false }),
      ]); })()`);
    expect(bodies).toEqual(['seen /1', 'seen /2', 'seen /3', 'seen /4', 'seen /5']);
    // The second request goes over the first one's connection.
    expect(bed.tunnels).toEqual(['a.example:443', 'b.example:443', 'c.example:443', 'd.example:80']);
    expect(bed.connections()).toBe(4);
  });

  it('reaches ES modules', async () => {
    const text = await run(
      `import { get } from 'node:https';
       import { request } from 'http';
       const body = (response) => new Promise((resolve) => { let text = ''; response.on('data', (c) => text += c).on('end', () => resolve(text)); });
       const [one, two] = await Promise.all([
         new Promise((resolve) => get('https://a.example/esm', (response) => resolve(body(response)))),
         new Promise((resolve) => request('http://b.example/esm', (response) => resolve(body(response))).end()),
       ]);
       console.log(JSON.stringify([one, two]));`,
      { kind: 'mjs' },
    );
    expect(text).toEqual(['seen /esm', 'seen /esm']);
    expect([...bed.tunnels].sort()).toEqual(['a.example:443', 'b.example:80']);
  });

  it('adds the audit CA to roots that a client names itself, however it connects', async () => {
    const bodies = await run(`
      const tls = require('tls'), ca = tls.rootCertificates[0];
      const byHand = () => new Promise((resolve) => http.request({ ...proxyOf(), method: 'CONNECT', path: 'd.example:443' })
        .on('connect', (response, socket) => {
          const secured = tls.connect({ socket, servername: 'd.example', ca: [ca] }, () => resolve('authorized ' + secured.authorized));
          secured.on('error', (error) => resolve('error ' + error.code)).on('secureConnect', () => secured.destroy());
        }).end());
      const proxyOf = () => { const { hostname: host, port } = new URL(process.env.HTTPS_PROXY); return { host, port }; };
      (async () => print([
        await call(https, { host: 'a.example', path: '/1', ca }), await call(https, { host: 'b.example', path: '/2', ca: [Buffer.from(ca)] }),
        await call(https, { host: 'c.example', path: '/3', agent: new https.Agent({ ca }) }), await byHand(),
      ]))()`);
    expect(bodies).toEqual(['seen /1', 'seen /2', 'seen /3', 'authorized true']);
  });

  it('leaves it to a server whose clients it takes', async () => {
    const answer = await run(
      `const tls = require('tls'), { execFile } = require('child_process');
       const { cert, key } = JSON.parse(process.env.LEAF);
       const server = tls.createServer({ cert, key, ca: tls.rootCertificates[0], requestCert: true });
       call(https, 'https://a.example/').then(() => server.listen(0, () => {
         server.setSecureContext({ cert, key, ca: tls.rootCertificates[0] });
         const asking = execFile('openssl', ['s_client', '-connect', '127.0.0.1:' + server.address().port], (error, stdout) => {
           print(stdout.split('Acceptable client certificate CA names')[1].split('Requested')[0]);
           server.close();
         });
         asking.stdin.end();
       }));`,
      { env: { LEAF: JSON.stringify(bed.leaf) } },
    );
    expect(answer).not.toContain('proxaudit');
    expect(String(answer).trim()).not.toBe('');
  });

  it('sends a body whole', async () => {
    await run(
      `(async () => print(await call(https, { host: 'a.example', path: '/post', method: 'POST' }, 'x'.repeat(200000))))()`,
    );
    const sent = bed.requests[0]?.slice('POST /post '.length) ?? '';
    expect(createHash('sha256').update(sent).digest('hex')).toBe(
      createHash('sha256').update('x'.repeat(200_000)).digest('hex'),
    );
  });

  it('serves many requests at once, and keeps to maxSockets', async () => {
    const count = await run(`
      const agent = new https.Agent({ keepAlive: true, maxSockets: 3 });
      (async () => {
        const bodies = await Promise.all(Array.from({ length: 40 }, (_, i) => call(https, { host: 'a.example', path: '/' + i, agent })));
        print(bodies.filter((body, i) => body === 'seen /' + i).length);
      })()`);
    expect(count).toBe(40);
    expect(new Set(bed.requests).size).toBe(40);
    expect(bed.tunnels).toHaveLength(3);
  });

  it('gives a refused, closed or unreachable tunnel as an ordinary error, also to requests that wait', async () => {
    const errors = await run(`
      const agent = new https.Agent({ maxSockets: 1 });
      (async () => print([
        await call(https, 'https://refused.example/'), await call(http, 'http://refused.example/'), await call(http, 'http://closed.example/'),
        ...await Promise.all([1, 2, 3].map(() => call(https, { host: 'refused.example', agent }))),
      ]))()`);
    const refused = 'error ERR_PROXY_TUNNEL';
    expect(errors).toEqual([refused, refused, 'error ECONNRESET', refused, refused, refused]);
    const dead = 'http://127.0.0.1:1';
    const gone = await run(`call(https, 'https://a.example/').then(print)`, { env: { HTTPS_PROXY: dead } });
    expect(gone).toBe('error ECONNREFUSED');
  });

  it('tells a request of its time-out while the proxy is silent, and lets it be given up', async () => {
    const seen = await run(`
      const request = https.get({ host: 'silent.example', timeout: 100 });
      const events = [];
      request.on('timeout', () => { events.push('timeout'); request.destroy(); });
      request.on('error', (error) => { events.push(error.code); });
      request.on('close', () => print(events));`);
    expect(seen).toEqual(['timeout', 'ECONNRESET']);
  });

  it('leaves what NO_PROXY names, unix sockets and the proxy itself direct', async () => {
    const env = { NO_PROXY: `localhost,127.0.0.1,::1,.internal.invalid,direct.invalid:81`, no_proxy: '' };
    const answers = await run(
      `const path = ${JSON.stringify(bed.directory)} + '/socket-' + process.pid;
       const server = http.createServer((_request, response) => response.end('unix')).listen(path, async () => {
         print([
           await call(http, { host: '127.0.0.1', port: ${bed.httpPort}, path: '/local' }),
           await call(http, { host: 'localhost', port: ${bed.httpPort}, path: '/local', family: 4 }),
           await call(http, { socketPath: path }),
           await call(http, 'http://a.internal.invalid/'), await call(http, 'http://direct.invalid:81/'), await call(http, 'http://direct.invalid/'),
         ]);
         server.close();
       });`,
      { env },
    );
    expect(answers).toEqual([
      'seen /local',
      'seen /local',
      'unix',
      'error ENOTFOUND',
      'error ENOTFOUND',
      'seen /',
    ]);
    expect(bed.tunnels).toEqual(['direct.invalid:80']);
  });

  it('takes loopback through the proxy where NO_PROXY does not name it, but never the proxy through itself', async () => {
    const answers = await run(
      `(async () => print([
         await call(http, { host: '127.0.0.1', port: ${bed.httpPort}, path: '/local' }),
         await call(http, { host: '127.0.0.1', port: ${bed.proxyPort}, path: '/' }),
       ]))()`,
      { env: { NO_PROXY: '' } },
    );
    expect(answers).toEqual(['seen /local', '']);
    expect(bed.tunnels).toEqual([`127.0.0.1:${bed.httpPort}`]);
  });

  it('leaves agents that connect by themselves alone, also those that want the socket of the original at once', async () => {
    const text = await run(
      `
      const net = require('net');
      class Own extends http.Agent { createConnection() { return net.connect(${bed.httpPort}, '127.0.0.1'); } }
      class Wrapping extends http.Agent {
        createConnection(options, done) {
          const socket = super.createConnection({ ...options, host: '127.0.0.1', port: ${bed.httpPort} }, done);
          socket.setMaxListeners(20);
          return socket;
        }
      }
      (async () => print([
        await call(http, { host: 'a.example', path: '/own', agent: new Own() }),
        await call(http, { host: 'a.example', path: '/wrapping', agent: new Wrapping() }),
      ]))();`,
      { env: { NO_PROXY: '' } },
    );
    expect(text).toEqual(['seen /own', 'seen /wrapping']);
    expect(bed.tunnels).toEqual([]);
  });

  it('lets the process end while connections are kept alive, and ends tunnels with their agent', async () => {
    await run(
      `https.get({ host: 'a.example', agent: new https.Agent({ keepAlive: true }) }, (response) => response.resume());`,
    );
    await run(`
      const agent = new https.Agent();
      https.get({ host: 'silent.example', agent }).on('error', (error) => print(error.code));
      setTimeout(() => agent.destroy(), 200);`);
    expect(bed.tunnels).toEqual(['a.example:443', 'silent.example:443']);
  });

  it('changes nothing that a program can see of its start', async () => {
    const seen = await run(
      `print([process.execArgv, process.argv.length, Object.keys(globalThis).length, process.exitCode ?? 0])`,
    );
    const plain = await bed.run(
      `console.log(JSON.stringify([process.execArgv, process.argv.length, Object.keys(globalThis).length, process.exitCode ?? 0]))`,
      { node, env: { NODE_OPTIONS: '' } },
    );
    expect(seen).toEqual(JSON.parse(plain.stdout));
  });

  it('loads neither https nor undici before they are used', async () => {
    const loaded = await run(
      `0;`.concat(
        `process.stdout.write(JSON.stringify(process.moduleLoadList.filter((name) => /^NativeModule (https|tls|_tls_wrap|internal\\/deps\\/undici.*)$/.test(name))))`,
      ),
      {
        env: {},
      },
    );
    const without = await bed.run(
      `${prelude}process.stdout.write(JSON.stringify(process.moduleLoadList.filter((name) => /^NativeModule (https|tls|_tls_wrap|internal\\/deps\\/undici.*)$/.test(name))))`,
      { node, env: { NODE_OPTIONS: '' } },
    );
    expect(loaded).toEqual(JSON.parse(without.stdout));
  });

  it('does nothing outside an audited command', async () => {
    const text = await run(`call(http, 'http://nowhere.invalid/').then(print)`, {
      env: { PROXAUDIT_ACTIVE_RUN: '', PROXAUDIT_ACTIVE_CA: '' },
    });
    expect(text).toBe('error ENOTFOUND');
    expect(bed.tunnels).toEqual([]);
  });
});

describe.each(nodes)('fetch with the preload in %s', (node) => {
  async function run(script: string, options: RunOptions = {}): Promise<unknown> {
    const result = await bed.run(
      `if (typeof fetch !== 'function') { console.log('"no fetch"'); process.exit(); }\n${script}`,
      { node, ...options },
    );
    expect(result.stderr.replace(/\(node:\d+\) ExperimentalWarning: The Fetch API[^]*$/, '')).toBe('');
    expect(result.code).toBe(0);
    return JSON.parse(result.stdout);
  }
  const print = 'const print = (value) => console.log(JSON.stringify(value));';

  it('goes through the proxy, with its body, and keeps its connections', async () => {
    const bodies = await run(`${print}const text = async (...args) => (await fetch(...args)).text();
      (async () => print([
        await text('https://a.example/one'), await text('https://a.example/two', { method: 'POST', body: 'hello' }),
        await text('https://a.example/three'), await text('https://a.example/four'),
        await text('http://b.example/five'), await text('http://127.0.0.1:${bed.httpPort}/six'),
      ]))()`);
    if (bodies === 'no fetch') return;
    expect(bodies).toEqual(['one', 'two', 'three', 'four', 'five', 'six'].map((name) => `seen /${name}`));
    expect(bed.requests[1]).toBe('POST /two hello');
    expect(bed.requests).toHaveLength(6);
    expect(new Set(bed.tunnels)).toEqual(new Set(['a.example:443', 'b.example:80']));
    // undici opens a second one when the first is still being read from.
    expect(bed.tunnels.length).toBeLessThan(4);
  });

  it('fails as an ordinary fetch does', async () => {
    const codes = await run(`${print}(async () => print(await Promise.all(
      ['https://refused.example/', 'http://closed.example/', 'https://a.other/'].map((url) => fetch(url).then(() => 'ok', (error) => error.name + ' ' + (error.cause && error.cause.code)))
    )))()`);
    if (codes === 'no fetch') return;
    expect(codes).toEqual([
      'TypeError ERR_PROXY_TUNNEL',
      'TypeError ECONNRESET',
      'TypeError ERR_TLS_CERT_ALTNAME_INVALID',
    ]);
  });

  it('can be aborted', async () => {
    const outcome = await run(
      `${print}fetch('https://a.example/hang', { signal: AbortSignal.timeout(300) }).then(() => print('ok'), (error) => print(error.name))`,
    );
    if (outcome === 'no fetch') return;
    expect(outcome).toBe('TimeoutError');
  });
});
