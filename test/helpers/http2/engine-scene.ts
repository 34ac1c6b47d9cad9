import { writeFileSync } from 'node:fs';
import {
  constants,
  createSecureServer,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2Server,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createRunCa, mintLeaf } from '../../../src/certificates/index.ts';
import type { Fact } from '../../../src/model/events.ts';
import type { Http2Parts } from '../../../src/proxy/engine/http2-engine.ts';
import { listenOnLoopback, type Listening } from '../origin/listening.ts';
import { createWorkspace } from '../origin/workspace.ts';
import { startEngineProxy, type EngineProxy } from './engine-proxy.ts';
import { openHttp2, openTunnel } from './sessions.ts';

/** Names of the origin: by TLS, and by prior knowledge. */
export type OriginPort = 443 | 80;

/** An origin that does with a stream what its test says, the engine before it, and ways to both. */
export interface EngineScene {
  readonly proxy: EngineProxy;
  /** What the origin does with a stream. */
  serve: (stream: ServerHttp2Stream, headers: OutgoingHttpHeaders) => void;
  /** Told of the fields of each request that the origin gets, as they came. */
  onHead: (fields: readonly string[]) => void;
  /** Connections to the origin, the newest last. */
  readonly accepted: Socket[];
  direct(port: OriginPort): Promise<ClientHttp2Session>;
  through(port: OriginPort): Promise<ClientHttp2Session>;
  /** The same without and with the engine. */
  compare(
    port: OriginPort,
    run: (session: ClientHttp2Session) => Promise<unknown>,
  ): Promise<{ without: unknown; withProxy: unknown }>;
  /** The socket below the TLS of a session. */
  socketOf(session: ClientHttp2Session): Socket;
  close(): Promise<void>;
}

interface EngineSceneOptions {
  readonly name: string;
  readonly origin?: ServerOptions;
  readonly onFact?: (fact: Fact) => void;
  readonly overrides?: Partial<Http2Parts>;
  readonly wrapUpstream?: (socket: Socket) => Duplex;
}

export const answerHello = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200 });
  stream.end('hello');
};

export async function openEngineScene(options: EngineSceneOptions): Promise<EngineScene> {
  const workspace = createWorkspace(options.name);
  const ca = createRunCa('origins');
  const { certPem: cert, keyPem: key } = mintLeaf(ca, 'origin.test');
  const originCa = join(workspace.directory, 'origin-ca.pem');
  writeFileSync(originCa, ca.certPem);
  const origin = { maxSessionMemory: 1000, ...options.origin };
  const accepted: Socket[] = [];
  const sockets = new WeakMap<ClientHttp2Session, Socket>();
  const start = (server: Http2Server): Promise<Listening> => {
    server.on('stream', (stream, headers, ...[, fields]: unknown[]) => {
      stream.on('error', () => undefined);
      scene.onHead(fields as string[]);
      scene.serve(stream, headers);
    });
    server.on('sessionError', () => undefined);
    server.on('connection', (socket: Socket) => accepted.push(socket));
    return listenOnLoopback(server);
  };
  const secure = await start(createSecureServer({ cert, key, ...origin }));
  const plain = await start(createServer(origin));
  const proxy = await startEngineProxy({
    directory: workspace.directory,
    upstreamCa: ca.certPem,
    resolve: { 'origin.test:443': secure.port, 'origin.test:80': plain.port },
    ...options,
  });
  const open = async (socket: Socket, caFile: string | undefined): Promise<ClientHttp2Session> => {
    const session = await openHttp2(socket, caFile);
    sockets.set(session, socket);
    return session;
  };
  const scene: EngineScene = {
    proxy,
    serve: answerHello,
    onHead: () => undefined,
    accepted,
    direct: (port) =>
      port === 80
        ? open(connect(plain.port, '127.0.0.1'), undefined)
        : open(connect(secure.port, '127.0.0.1'), originCa),
    through: async (port) =>
      open(
        await openTunnel({ proxyPort: proxy.port, authority: `origin.test:${port}` }),
        port === 80 ? undefined : proxy.caFile,
      ),
    async compare(port, run) {
      const results: unknown[] = [];
      for (const way of ['direct', 'through'] as const) {
        const session = await scene[way](port);
        results.push(await run(session));
        session.destroy();
      }
      return { without: results[0], withProxy: results[1] };
    },
    socketOf: (session) => sockets.get(session) as Socket,
    async close() {
      await proxy.close();
      await Promise.all([secure.close(), plain.close()]);
      workspace.remove();
    },
  };
  return scene;
}

/** How a response ended for its client. */
export interface Ended {
  readonly status: number | undefined;
  readonly endsInHead: boolean;
  readonly body: string;
  readonly trailers: OutgoingHttpHeaders;
  readonly rstCode: number | undefined;
}

export function watch(stream: ClientHttp2Stream): Promise<Ended> {
  const seen = { status: undefined as number | undefined, endsInHead: false, body: '', trailers: {} };
  stream.on('response', (headers, flags) => {
    seen.status = headers[':status'];
    seen.endsInHead = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  });
  stream.on('trailers', (trailers: OutgoingHttpHeaders) => (seen.trailers = { ...trailers }));
  stream.on('data', (chunk: Buffer) => (seen.body += chunk.toString()));
  stream.on('error', () => undefined);
  return new Promise((resolve) => {
    stream.once('close', () => {
      resolve({ ...seen, rstCode: stream.rstCode });
    });
  });
}

/** Node's own `close` would end the stream first, which looks like the end of a body. */
export function reset(stream: ServerHttp2Stream | ClientHttp2Stream, code: number): void {
  stream.end = () => stream;
  stream.close(code);
}
