import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeBed, type Bed } from './preload-bed.ts';

const ws = JSON.stringify(createRequire(import.meta.url).resolve('ws'));

/** `open(url, options)` resolves with the first message, with what answered in place of a WebSocket, or with an error. */
const prelude = `
  const WebSocket = require(${ws}), net = require('net'), tls = require('tls');
  const open = (url, options) => new Promise((resolve) => {
    const socket = new WebSocket(url, options);
    socket.on('open', () => socket.send('hello'));
    socket.on('message', (message) => { resolve(message.toString()); socket.close(); });
    socket.on('unexpected-response', (_, response) => {
      let text = ''; response.on('data', (chunk) => text += chunk); response.on('end', () => { resolve(text); socket.terminate(); });
    });
    socket.on('error', (error) => resolve('error ' + (error.code ?? error.message)));
  });
  const print = (value) => console.log(JSON.stringify(value));
`;

let bed: Bed;
let server: WebSocketServer;
let local: string;
beforeAll(async () => {
  bed = await makeBed();
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('message', (message: Buffer) => {
      socket.send(`echo ${message.toString()}`);
    });
  });
  await once(server, 'listening');
  local = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  bed.close();
});
beforeEach(() => {
  bed.reset();
});

async function run(script: string): Promise<unknown> {
  const { stdout, stderr, code } = await bed.run(prelude + script);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('WebSockets of the package ws under the preload', () => {
  it('go through the proxy without an agent of their own', async () => {
    const answers = await run(`(async () => print([
      await open('ws://a.example/one'), await open('wss://b.example/two'), await open('ws://c.example:8080/three'),
    ]))()`);
    expect(answers).toEqual(['seen /one', 'seen /two', 'seen /three']);
    expect(bed.tunnels).toEqual(['a.example:80', 'b.example:443', 'c.example:8080']);
  });

  it('speak once they are open, and go straight to what NO_PROXY excepts', async () => {
    expect(await run(`open(${JSON.stringify(local)}).then(print)`)).toBe('echo hello');
    expect(bed.tunnels).toEqual([]);
  });

  it('fail as they would without', async () => {
    const answers = await run(`(async () => print([
      await open('ws://refused.example/'), await open('wss://a.other/'), await open('ws://127.0.0.1:1/'),
    ]))()`);
    expect(answers).toEqual([
      expect.stringMatching(/^error /),
      'error ERR_TLS_CERT_ALTNAME_INVALID',
      'error ECONNREFUSED',
    ]);
  });

  it('leave connections alone that the program makes by itself', async () => {
    const own = `createConnection: (options) => net.connect(${bed.httpPort}, '127.0.0.1')`;
    const late = `createConnection: (options, done) => { setImmediate(() => done(null, net.connect(${bed.httpPort}, '127.0.0.1'))); }`;
    const failing = `createConnection: (options, done) => { done(Object.assign(new Error('no'), { code: 'EOWN' })); }`;
    const answers = await run(`(async () => print([
      await open('ws://a.example/own', { ${own} }), await open('ws://a.example/late', { ${late} }),
      await open('ws://a.example/failing', { ${failing} }),
    ]))()`);
    expect(answers).toEqual(['seen /own', 'seen /late', 'error EOWN']);
    expect(bed.tunnels).toEqual([]);
  });

  it('leave requests alone that ask for one after their connection was begun', async () => {
    const answer = await run(`
      const request = require('http').request({ host: 'a.example', path: '/later', createConnection: () => net.connect(${bed.httpPort}, '127.0.0.1') });
      request.setHeader('Upgrade', 'websocket');
      request.on('response', (response) => { print([response.statusCode, request.agent === undefined]); request.destroy(); });
      request.end();`);
    expect(answer).toEqual([200, true]);
  });
});
