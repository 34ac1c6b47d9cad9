import type { Socket } from 'node:net';
import type { ExchangeObserver } from '../model/observer.ts';
import { AuditError } from '../support/errors.ts';
import { silentLog, type Log } from '../support/log.ts';
import { ClientConnection } from './connection.ts';
import type { Engine } from './engine/engine.ts';
import type { Forwarder } from './forward/forwarder.ts';
import { parseAuthority } from './front/authority.ts';
import { Front } from './front/front.ts';
import { createHostMatcher } from './front/hosts.ts';
import { Refusals } from './refusals.ts';
import type { LoopGuard } from './loop-guard.ts';
import type { Refused, RefusedConnections } from './refused-connections.ts';
import type { Admission, ProxyOptions } from './types.ts';
import { createDialler, type Dialler } from './upstream/dial.ts';
import { createProtocolAgreement } from './upstream/protocol.ts';

/** Digests that are still computed when all connections are closed get this long. */
const SETTLE_MS = 2000;

/** What serves the connections that the listener accepts. */
export interface Switchboard {
  readonly accept: (socket: Socket, id: string, admission: Promise<Admission>) => void;
  /** Loads what the first exchange would wait for. */
  readonly warmUp: () => Promise<void>;
  /** When all connections are closed: records what is still to be told, and lets go of everything. */
  readonly close: () => Promise<void>;
}

export interface SwitchboardParts {
  readonly refused: RefusedConnections;
  readonly guard: LoopGuard;
}

interface EngineParts {
  readonly refused: RefusedConnections;
  readonly dialler: Dialler;
  readonly refusals: Refusals;
  readonly front: () => Front;
}

interface Loaded {
  readonly observer: ExchangeObserver | undefined;
  readonly engine: Engine;
  readonly forwarder: Forwarder;
}

/** Audits every connection that is given to it. The engine is loaded on the first one that needs it. */
export function createSwitchboard(options: ProxyOptions, { refused, guard }: SwitchboardParts): Switchboard {
  const { log = silentLog } = options;
  const dialler = createDialler({ ...options, guard, roots: options.upstreamRoots });
  const refusals = createRefusals(options);
  let loading: Promise<Loaded> | undefined;
  const load = (): Promise<Loaded> =>
    (loading ??= loadEngine(options, { dialler, refusals, refused, front: () => front }));
  const front = new Front({
    record: options.record,
    log,
    redaction: options.redaction,
    refused,
    engine: async () => (await load()).engine,
    dial: dialler.dial,
    isPassedThrough: createHostMatcher(options.passthrough),
    isRefuserToPass: (connection) => refusals.letsPass(connection),
    agreeProtocol: createProtocolAgreement({ ...dialler, forwarder: async () => (await load()).forwarder }),
    leadsToUs: dialler.leadsToUs,
    recordLoop: async (...loop) => (await load()).forwarder.refuseLoop(...loop),
  });
  return {
    accept: (socket, id, admission) => {
      const connection = track(socket, id, { ...options, ...dialler, refused });
      const endsLoop = (): Promise<boolean> => guard.endsLoop(socket, () => options.peers.seesClient(socket));
      admit(connection, admission, { log, refused, front, endsLoop }).catch((error: unknown) => {
        fail(connection, error, { log, refused });
      });
    },
    warmUp: async () => {
      await load();
      dialler.prepare();
    },
    close: async () => {
      await refusals.conclude().catch((error: unknown) => {
        log.error('a refusal could not be told', { error });
      });
      const loaded = await loading;
      await loaded?.forwarder.settled(SETTLE_MS);
      await loaded?.observer?.settled();
      loaded?.engine.close();
      loaded?.forwarder.destroy();
    },
  };
}

function createRefusals({ record, adviseRefusal, onRefusal }: ProxyOptions): Refusals {
  return new Refusals({ record, advise: adviseRefusal, letsPass: onRefusal === 'tunnel' });
}

function track(
  socket: Socket,
  id: string,
  options: ProxyOptions & Pick<Dialler, 'proxyFor'> & Pick<SwitchboardParts, 'refused'>,
): ClientConnection {
  return new ClientConnection(id, socket, {
    record: options.record,
    onDropped: () => {
      options.refused.add({ subject: 'it was closed before it could be served' });
    },
    findProcess: () => options.peers.processOf(socket),
    proxyFor: options.proxyFor,
  });
}

/** What is said of those who are not admitted. */
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

interface AdmissionParts {
  readonly log: Log;
  readonly refused: RefusedConnections;
  readonly front: Front;
  readonly endsLoop: () => Promise<boolean>;
}

async function admit(
  connection: ClientConnection,
  admission: Promise<Admission>,
  { log, refused, front, endsLoop }: AdmissionParts,
): Promise<void> {
  const { socket } = connection;
  const answer = await admission;
  if (await endsLoop()) {
    log.warn('refused a connection of our own');
    connection.isPending = false;
    return;
  }
  if (answer !== 'admitted') {
    const told = NOT_ADMITTED[answer];
    log.warn('refused a connection', { connection: connection.id, reason: told.subject });
    refused.add(told);
    connection.isPending = false;
    socket.resetAndDestroy();
    return;
  }
  // Now, as a client that only sends may be gone when it has.
  void connection.process();
  await front.accept(connection);
}

function fail(
  connection: ClientConnection,
  error: unknown,
  { log, refused }: { log: Log; refused: RefusedConnections },
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

/** Loads mockttp and what stands on it: most of the start-up cost, so never before it is needed. */
async function loadEngine(options: ProxyOptions, parts: EngineParts): Promise<Loaded> {
  const startedAt = performance.now();
  const [{ createEngine }, { BodyContents }, { Forwarder }, observer] = await Promise.all([
    import('./engine/engine.ts'),
    import('./exchange/body-contents.ts'),
    import('./forward/forwarder.ts'),
    options.observer?.(),
  ]);
  const { record, redaction, bodyBytes = 0, log = silentLog } = options;
  const contents = new BodyContents(bodyBytes, redaction);
  const { refused } = parts;
  const refuse = (connection: ClientConnection, reason: string): void => {
    log.warn('refused a request', { connection: connection.id, reason });
    refused.add({ subject: reason, process: connection.knownProcess });
  };
  const failed = (connection: ClientConnection) => (error: unknown) => {
    fail(connection, error, { log, refused });
  };
  const forwarder = new Forwarder({ record, redaction, observer, contents }, { ...parts.dialler, refuse });
  const engine = await createEngine(
    { mintLeaf: options.mintLeaf },
    {
      onRequest: (request, response, connection) => {
        parts.refusals.noteRequest(connection);
        forwarder.forward(request, response, connection);
      },
      onUpgrade: (request, head, connection) => {
        parts.refusals.noteRequest(connection);
        forwarder.upgrade(request, head, connection);
      },
      onConnect: (request, head, connection) => {
        const destination = parseAuthority(request.url ?? '');
        if (destination === undefined) {
          refuse(connection, 'expected "CONNECT host:port HTTP/1.1"');
          connection.socket.destroy();
          return;
        }
        if (head.length > 0) connection.socket.unshift(head);
        parts.front().switchToTunnel(connection, destination).catch(failed(connection));
      },
      onRefused: refuse,
      onTlsFailure: (connection, cause) => {
        log.info('the client broke off TLS', { connection: connection.id, cause });
        parts.refusals.noteFailure(connection, cause).catch(failed(connection));
      },
    },
  );
  log.debug('the engine is loaded', { ms: Math.round(performance.now() - startedAt) });
  return { engine, forwarder, observer };
}
