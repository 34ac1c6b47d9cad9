import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { createRunCa, mintLeaf } from '../../../src/certificates/index.ts';
import type { EventType, Fact, FactOf } from '../../../src/model/events.ts';
import { ClientConnection } from '../../../src/proxy/connection.ts';
import { allowEverything } from '../../../src/model/decision.ts';
import { createHttp2Engine, type Http2Parts } from '../../../src/proxy/engine/http2-engine.ts';
import { BodyContents } from '../../../src/proxy/exchange/body-contents.ts';
import { Exchanges } from '../../../src/proxy/exchange/exchanges.ts';
import type { Redaction } from '../../../src/proxy/types.ts';
import { listenOnLoopback } from '../origin/listening.ts';

/** A way to the HTTP/2 engine that knows CONNECT and TLS, and nothing else of a proxy. */
export interface EngineProxy {
  readonly port: number;
  /** Our CA, as a file for clients. */
  readonly caFile: string;
  readonly facts: readonly Fact[];
  of<T extends EventType>(type: T): FactOf<T>[];
  /** The completed exchanges whose URL contains `part`. */
  exchanges(part: string): FactOf<'exchange-completed'>[];
  close(): Promise<void>;
}

interface EngineProxyOptions {
  readonly directory: string;
  /** The CA of the origins. */
  readonly upstreamCa: string;
  /** `host:port` to a port of 127.0.0.1. */
  readonly resolve: Readonly<Record<string, number>>;
  /** Told of every fact; one that throws is a journal that fails. */
  readonly onFact?: (fact: Fact) => void;
  readonly overrides?: Partial<Http2Parts>;
  /** Stands for a connection to the upstream. */
  readonly wrapUpstream?: (socket: Socket) => Duplex;
}

const redaction: Redaction = {
  url: (url) => url,
  headers: (raw) =>
    Object.fromEntries(raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []))),
  text: (text) => text,
  body: (bytes) => ({ text: bytes.toString(), encoding: 'utf-8' }),
};

export async function startEngineProxy(options: EngineProxyOptions): Promise<EngineProxy> {
  const facts: Fact[] = [];
  const record = (fact: Fact): void => {
    options.onFact?.(fact);
    facts.push(structuredClone(fact));
  };
  const ca = createRunCa('test-run');
  const caFile = join(options.directory, `engine-ca-${Math.random().toString(36).slice(2)}.pem`);
  writeFileSync(caFile, ca.certPem);
  const contents = new BodyContents(0, redaction);
  const engine = await createHttp2Engine({
    exchanges: new Exchanges({ record, redaction, observer: undefined, contents }, () => undefined),
    afterWritten: (action) => {
      action();
    },
    onRequest: () => undefined,
    decisions: allowEverything,
    ...options.overrides,
  });
  let count = 0;
  const leaf = mintLeaf(ca, 'origin.test');
  const handshake = (socket: Socket): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const server = createTlsServer(
        { cert: leaf.certPem, key: leaf.keyPem, ALPNProtocols: ['h2'] },
        resolve,
      );
      server.once('tlsClientError', reject);
      server.emit('connection', socket);
    });
  const serve = async (socket: Socket): Promise<void> => {
    const authority = await readConnect(socket);
    const [host = '', port = ''] = authority.split(':');
    count += 1;
    const connection = new ClientConnection(`c${count}`, socket, {
      record,
      onDropped: () => undefined,
      findProcess: () => Promise.resolve(undefined),
      proxyFor: () => undefined,
    });
    const destination = { host, port: Number(port) };
    const tunnel = { destination, via: 'connect' as const, sni: undefined, claimedName: undefined };
    connection.open('connect', destination, { use: 'https' });
    const isTls = (await peekByte(socket)) === TLS_HANDSHAKE;
    const below = connect(options.resolve[authority] ?? 0, '127.0.0.1');
    below.on('error', () => undefined);
    await once(below, 'connect');
    const common = {
      connection,
      address: below.remoteAddress,
      timings: { connect: 1 },
      resetClient: () => socket.resetAndDestroy(),
      resetUpstream: () => below.resetAndDestroy(),
    };
    if (!isTls) {
      const upstream = options.wrapUpstream?.(below) ?? below;
      engine.serve({ ...common, tunnel: { ...tunnel, secure: false }, client: socket, upstream });
      return;
    }
    const upstream = connectTls({
      ...{ socket: below, servername: 'origin.test', ca: options.upstreamCa, ALPNProtocols: ['h2'] },
    });
    upstream.on('error', () => undefined);
    await once(upstream, 'secureConnect');
    const client = await handshake(socket);
    engine.serve({ ...common, tunnel: { ...tunnel, secure: true }, client, upstream });
  };
  const listening = await listenOnLoopback(
    createServer((socket) => {
      serve(socket).catch(() => socket.destroy());
    }),
  );
  const of = <T extends EventType>(type: T): FactOf<T>[] =>
    facts.filter((fact): fact is FactOf<T> => fact.type === type);
  return {
    port: listening.port,
    caFile,
    facts,
    of,
    exchanges: (part) => of('exchange-completed').filter((fact) => fact.request.url.includes(part)),
    close: async () => {
      engine.close();
      await listening.close();
    },
  };
}

/** The first byte of a ClientHello (RFC 8446, 5.1). */
const TLS_HANDSHAKE = 22;

/** What a client that was answered says first; it stays to be read. */
async function peekByte(socket: Socket): Promise<number | undefined> {
  if (socket.readableLength === 0) await once(socket, 'readable');
  const first = socket.read(1) as Buffer | null;
  if (first !== null) socket.unshift(first);
  return first?.[0];
}

/** The `host:port` of a CONNECT, which is accepted. */
async function readConnect(socket: Socket): Promise<string> {
  socket.on('error', () => undefined);
  const [head] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  return head.toString().split(' ')[1] ?? '';
}
