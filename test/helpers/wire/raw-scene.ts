import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'vitest';
import { whenEnded } from '../../../src/proxy/wire/when-ended.ts';
import { startAuditedProxy, type AuditedProxy } from '../audited-proxy.ts';
import { createAuthority, type Authority, type Leaf } from '../origin/authority.ts';
import { createWorkspace } from '../origin/workspace.ts';
import type { ProxyOptions } from '../../../src/proxy/types.ts';
import type { End } from './play.ts';
import { accept, reach, type Way } from './ways.ts';

export const PATIENCE = { timeout: 20_000, interval: 2 };

/** One end of a connection, and what it has heard of the other. */
export class Side {
  readonly stream: Duplex;
  readonly socket: Socket;
  text = '';
  ending: 'end' | 'reset' | undefined;

  constructor(end: End) {
    this.stream = end.stream;
    this.socket = end.socket;
    this.stream.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    whenEnded(end, () => (this.ending ??= 'end'));
    for (const emitter of [this.stream, this.socket]) emitter.on('error', () => (this.ending ??= 'reset'));
    this.stream.on('close', () => (this.ending ??= 'reset'));
    this.stream.resume();
  }

  /** Text is one byte for each character, as that is what is heard. */
  write(bytes: string | Buffer): void {
    this.stream.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Waits until that is all it has heard. */
  async hears(expected: string): Promise<void> {
    await expect.poll(() => this.text, PATIENCE).toBe(expected);
  }

  async hearsOf(part: string | RegExp): Promise<void> {
    await expect.poll(() => this.text, PATIENCE).toMatch(part);
  }

  async ends(how: 'end' | 'reset'): Promise<void> {
    await expect.poll(() => this.ending, PATIENCE).toBe(how);
  }
}

/** An origin that says what its test makes it say, and a proxy before it. */
export interface RawScene {
  readonly audited: AuditedProxy;
  readonly authority: Authority;
  readonly leaf: Leaf;
  readonly origin: { readonly port: number };
  /** The next connection to the origin; with TLS where that is so. */
  accept(isSecure: boolean): Promise<Side>;
  /** Serves every connection to the origin until the function is called that is returned. */
  serve(serve: (server: Side) => void): () => void;
  /** A client that can speak to the origin by the proxy. */
  reach(way: Way, options?: { isSecure?: boolean; authority?: string }): Promise<Side>;
  /** Both ends of a tunnel. */
  tunnel(isSecure?: boolean): Promise<{ client: Side; server: Side }>;
  /** Waits for completed exchanges of a path, and gives the newest. */
  exchange(path: string, count?: number): Promise<ReturnType<AuditedProxy['exchanges']>[number]>;
  close(): Promise<void>;
}

/** The names that lead to the origin; port 4000 of each. */
const NAMES = ['origin.test', 'inner.test', 'other.test'];

export async function openRawScene(name: string, overrides: Partial<ProxyOptions> = {}): Promise<RawScene> {
  const workspace = createWorkspace(name);
  const authority = createAuthority(workspace.directory);
  const leaf = authority.issue({ names: NAMES });
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const resolve = Object.fromEntries(NAMES.map((host) => [`${host}:4000`, port]));
  const audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve,
    overrides,
  });
  const scene: RawScene = {
    ...{ audited, authority, leaf, origin: { port } },
    async accept(isSecure) {
      const [socket] = (await once(server, 'connection')) as [Socket];
      return new Side(accept(socket, isSecure ? leaf : undefined));
    },
    serve(serve) {
      const listener = (socket: Socket): void => {
        serve(new Side(accept(socket, undefined)));
      };
      server.on('connection', listener);
      return () => server.off('connection', listener);
    },
    async reach(way, { isSecure = false, authority: place = 'origin.test:4000' } = {}) {
      const ca = readFileSync(way === 'direct' ? authority.file : audited.caFile, 'latin1');
      const from = way === 'direct' ? port : audited.proxy.port;
      return new Side(await reach({ way, port: from, authority: place, ca: isSecure ? ca : undefined }));
    },
    async tunnel(isSecure = false) {
      const accepted = scene.accept(isSecure);
      const client = await scene.reach('connect', { isSecure });
      return { client, server: await accepted };
    },
    async exchange(path, count = 1) {
      await expect.poll(() => audited.exchanges(path).length, PATIENCE).toBe(count);
      return audited.exchanges(path).at(-1) as ReturnType<AuditedProxy['exchanges']>[number];
    },
    async close() {
      await audited.close();
      server.close();
      workspace.remove();
    },
  };
  return scene;
}

/** All is in this process: after some turns of its event loop nothing is under way. */
export async function rest(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
}
