import type { Socket } from 'node:net';
import type { Arrival } from '../model/arrival.ts';
import { allowEverything } from '../model/decision.ts';
import type { ExchangeObserver } from '../model/observer.ts';
import { AuditError } from '../support/errors.ts';
import { silentLog, type Log } from '../support/log.ts';
import { ClientTrust } from './ca-rejections.ts';
import { ClientConnection } from './connection.ts';
import type { Http2Engine } from './engine/http2-engine.ts';
import { BodyContents } from './exchange/body-contents.ts';
import { Exchanges } from './exchange/exchanges.ts';
import { Front } from './front/front.ts';
import { createHostMatcher } from './hosts.ts';
import { enterInnerTunnel, enterTunnel, refuseInnerTunnel } from './front/tunnel-entry.ts';
import type { Http2Pair, TunnelParts } from './front/tunnel-parts.ts';
import type { LoopGuard } from './loop-guard.ts';
import { UpstreamFailures } from './record-failure.ts';
import type { Refused, RefusedConnections } from './refused-connections.ts';
import { createContext, createLeafContexts } from './tls/leaf-contexts.ts';
import type { Admission, ProxyOptions } from './types.ts';
import { createDialler, type Dialler } from './upstream/dial.ts';
import { resetEndpoint } from './endpoint.ts';
import { PlainConnection } from './wire/plain-connection.ts';
import { createPlainRouter } from './wire/plain-route.ts';

/** Digests that are still computed when all connections are closed get this long. */
const SETTLE_MS = 2000;

/** What every connection goes through, from its arrival to the journal. */
export interface Pipeline {
  readonly accept: (arrival: Arrival<Socket>, admission: Promise<Admission>) => void;
  /** Reads now what the first connection would wait for. */
  readonly warmUp: () => void;
  /** When all connections are closed: records what is still to be said, and lets go of everything. */
  readonly close: () => Promise<void>;
}

export interface PipelineParts {
  readonly refused: RefusedConnections;
  readonly guard: LoopGuard;
  readonly observer: ExchangeObserver | undefined;
}

/**
 * Assembles the pipeline, from its end to its beginning: dialler, records of exchanges, what carries tunnels and requests,
 * and the front that accepts arrivals. Nothing refers to what comes after it.
 */
export function createPipeline(options: ProxyOptions, { refused, guard, observer }: PipelineParts): Pipeline {
  const { record, redaction, log = silentLog } = options;
  const dialler = createDialler({ ...options, guard, roots: options.upstreamRoots });
  const contents = new BodyContents(options.bodyBytes ?? 0, redaction);
  const exchanges = new Exchanges({ record, redaction, observer, contents }, dialler.proxyFor);
  const trust = new ClientTrust({
    record,
    advise: options.adviseRefusal,
    tunnelsAfterRejection: options.onRefusal === 'tunnel',
  });
  const http2 = createLazyEngine();
  const tunnels = createTunnelParts(options, { dialler, exchanges, trust, http2 });
  const router = createPlainRouter(dialler);
  const front = new Front({
    ...tunnels,
    refused,
    enterTunnel: (start) => enterTunnel(tunnels, start),
    servePlain: (connection, onConnect) => {
      const { socket } = connection;
      new PlainConnection(tunnels, { connection, client: { stream: socket, socket }, router, onConnect });
    },
  });

  const admission = { ...{ options, log, refused, guard, front }, proxyFor: dialler.proxyFor };
  return {
    accept: (arrival, admitted) => {
      accept(arrival, admitted, admission);
    },
    warmUp: dialler.prepare,
    close: async () => {
      await trust.conclude().catch((error: unknown) => {
        log.error('a rejection of our certificate could not be recorded', { error });
      });
      await exchanges.settled(SETTLE_MS);
      await observer?.settled();
      await http2.close();
    },
  };
}

/** What tunnels, and the requests in them, are carried with. */
function createTunnelParts(
  options: ProxyOptions,
  { http2, ...stages }: Pick<TunnelParts, 'dialler' | 'exchanges' | 'trust'> & { readonly http2: LazyEngine },
): TunnelParts {
  const { record, afterWritten, redaction, log = silentLog, decisions = allowEverything } = options;
  const failures = new UpstreamFailures(record);
  const parts: TunnelParts = {
    ...stages,
    ...{ record, afterWritten, redaction, log, decisions },
    isPassedThrough: createHostMatcher(options.passthrough),
    wantsClientCertificate: (host) => failures.wantsClientCertificate(host),
    explainFailure: (...failure) => failures.explain(...failure),
    leafFor: createLeafContexts(options.mintLeaf),
    faultyLeafFor: (certificate) => createContext(options.mintFaultyLeaf(certificate)),
    onRequest: (connection, { secure, sni, destination }) => {
      if (secure) stages.trust.noteRequest({ connection, host: sni ?? destination.host });
    },
    recordUnparsed: (connection, detail) => {
      recordUnparsed(options, connection, detail);
    },
    refuseInnerTunnel: (authority) => refuseInnerTunnel(parts, authority),
    enterInnerTunnel: (inner) => {
      void enterInnerTunnel(parts, inner);
    },
    serveHttp2: (pair) => http2.serve(parts, pair),
  };
  return parts;
}

function recordUnparsed({ record }: ProxyOptions, connection: ClientConnection, detail: string): void {
  try {
    record({ type: 'passed-through', connectionId: connection.id, reason: 'unparsed', detail });
  } catch {
    // Whoever fails to write to the journal first reports that.
  }
}

interface LazyEngine {
  serve(parts: TunnelParts, pair: Http2Pair): Promise<void>;
  close(): Promise<void>;
}

/** HTTP/2 is most of what there is to load, so it is loaded with the first connection that speaks it. */
function createLazyEngine(): LazyEngine {
  let loading: Promise<Http2Engine> | undefined;
  return {
    async serve(parts, pair) {
      loading ??= import('./engine/http2-engine.ts').then(({ createHttp2Engine }) => {
        parts.log.debug('the HTTP/2 engine is loaded');
        return createHttp2Engine(parts);
      });
      const { connection, tunnel, client, upstream, unverifiedTls } = pair;
      (await loading).serve({
        ...{ connection, tunnel, unverifiedTls },
        client: client.stream,
        upstream: upstream.stream,
        resetClient: () => {
          resetEndpoint(client);
        },
        resetUpstream: () => {
          resetEndpoint(upstream);
        },
        address: upstream.address,
        timings: upstream.timings,
      });
    },
    async close() {
      (await loading)?.close();
    },
  };
}

interface AdmissionParts {
  readonly options: ProxyOptions;
  readonly log: Log;
  readonly refused: RefusedConnections;
  readonly guard: LoopGuard;
  readonly front: Front;
  readonly proxyFor: Dialler['proxyFor'];
}

function accept(arrival: Arrival<Socket>, admitted: Promise<Admission>, parts: AdmissionParts): void {
  const { socket, id } = arrival;
  const { options, refused, proxyFor } = parts;
  const connection = new ClientConnection(id, socket, {
    record: options.record,
    onDropped: () => {
      refused.add({ subject: 'it was closed before it could be served' });
    },
    findProcess: () => options.peers.processOf(socket),
    proxyFor,
  });
  admit({ connection, arrival }, admitted, parts).catch((error: unknown) => {
    fail(connection, error, parts);
  });
}

/** What is recorded of those who are not admitted. */
const NOT_ADMITTED: Readonly<Record<Exclude<Admission, 'admitted'>, Refused>> = {
  'other-user': {
    kind: 'other-user',
    subject: 'the client was another user of this machine',
    advice: 'only the user of the run is served',
  },
  unidentified: {
    subject: 'the client closed it before its user could be told',
    advice:
      'this machine has other users, whose it may have been: run the command where there are none, as in a container',
  },
};

async function admit(
  { connection, arrival }: { readonly connection: ClientConnection; readonly arrival: Arrival<Socket> },
  admission: Promise<Admission>,
  { options, log, refused, guard, front }: AdmissionParts,
): Promise<void> {
  const { socket } = connection;
  const admitted = await admission;
  if (await guard.endsLoop(socket, () => options.peers.seesClient(socket))) {
    log.warn('refused a connection of our own');
    connection.isPending = false;
    return;
  }
  if (admitted !== 'admitted') {
    const told = NOT_ADMITTED[admitted];
    log.warn('refused a connection', { connection: connection.id, reason: told.subject });
    refused.add(told);
    connection.isPending = false;
    socket.resetAndDestroy();
    return;
  }
  // Now, as a client that only sends may be gone when it has.
  void connection.process();
  await front.accept(connection, arrival);
}

function fail(
  connection: ClientConnection,
  error: unknown,
  { log, refused }: Pick<AdmissionParts, 'log' | 'refused'>,
): void {
  const isKnown = error instanceof AuditError;
  log[isKnown ? 'info' : 'error']('a connection is given up', { connection: connection.id, error });
  connection.error = {
    code: isKnown ? error.code : 'internal-error',
    message: error instanceof Error ? error.message.slice(0, 500) : 'unknown',
  };
  // Its closing tells the error of one that was opened.
  if (!connection.isOpened) refused.add({ subject: 'proxaudit failed to serve it' });
  connection.isPending = false;
  connection.socket.destroy();
}
