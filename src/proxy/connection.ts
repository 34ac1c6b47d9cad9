import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExchangeError, Process } from '../model/exchange.ts';
import type { RecordFact } from '../model/events.ts';
import type { Destination, ProxyUse, Via } from './types.ts';
import type { Dialler } from './upstream/dial.ts';

/** An exchange that is over waits so long for the name of who asked. */
const MAX_LOOKUP_MS = 250;

interface ConnectionOptions {
  readonly record: RecordFact;
  /** Told when it closes while it is pending. */
  readonly onDropped: () => void;
  readonly findProcess: () => Promise<Process | undefined>;
  readonly proxyFor: Dialler['proxyFor'];
}

/** One accepted client connection: what it aims at, and the facts about its opening and closing. */
export class ClientConnection {
  readonly id: string;
  readonly socket: Socket;
  /** Who asked, once that is known. */
  knownProcess: Process | undefined;
  /** Who asked is known, or known not to be found. */
  isProcessSettled = false;
  /** What a tunnel of it was dialled to, where that was direct. */
  dialledAddress: string | undefined;
  error: ExchangeError | undefined;
  /** Something may have come that is neither passed on nor refused yet. False while the client is waited for. */
  isPending = true;
  readonly #record: RecordFact;
  readonly #proxyFor: Dialler['proxyFor'];
  readonly #findProcess: () => Promise<Process | undefined>;
  readonly #onDropped: () => void;
  #process: Promise<Process | undefined> | undefined;
  #openedTo: Destination | undefined;
  #isClosed = false;
  #openedBy: Process | undefined;

  constructor(id: string, socket: Socket, options: ConnectionOptions) {
    this.id = id;
    this.socket = socket;
    this.#record = options.record;
    this.#proxyFor = options.proxyFor;
    this.#findProcess = options.findProcess;
    this.#onDropped = options.onDropped;
    socket.once('close', () => {
      this.#close();
    });
  }

  /** Its opening is stated, and its closing will be. */
  get isOpened(): boolean {
    return this.#openedTo !== undefined;
  }

  /** States the opening once; later calls do nothing. Throws when the journal cannot be written. */
  open(via: Via, destination: Destination, { use, sni }: { use: ProxyUse; sni?: string | undefined }): void {
    if (this.#openedTo !== undefined) return;
    this.#openedTo = destination;
    void this.process();
    this.#openedBy = this.knownProcess;
    const proxy = this.#proxyFor(destination, use);
    const { remoteAddress = '', remotePort = 0 } = this.socket;
    this.#record({
      type: 'connection-opened',
      id: this.id,
      client: { address: remoteAddress, port: remotePort },
      via,
      destination: { host: destination.host, port: destination.port },
      ...(proxy === undefined ? {} : { upstreamProxy: proxy.shown }),
      ...(sni === undefined ? {} : { sni }),
      ...(this.#openedBy === undefined ? {} : { process: this.#openedBy }),
    });
    if (this.#isClosed) this.#close();
  }

  /** `destination`, where another one was stated at its opening: requests had come on the connection, or a tunnel. */
  unlessOpenedTo(destination: Destination): Destination | undefined {
    const opened = this.#openedTo;
    return opened?.host === destination.host && opened.port === destination.port ? undefined : destination;
  }

  /** Who asks. Looked up once, while the client still holds its end: it must be called before an answer is needed. */
  process(): Promise<Process | undefined> {
    this.#process ??= this.#findProcess().then((found) => {
      this.isProcessSettled = true;
      return (this.knownProcess = found);
    });
    return this.#process;
  }

  /** Resolves when `knownProcess` is as good as it gets. Its bound is for a /proc that does not answer. */
  async processSettled(): Promise<void> {
    const bound = new AbortController();
    const wait = sleep(MAX_LOOKUP_MS, undefined, { signal: bound.signal, ref: false }).catch(() => undefined);
    await Promise.race([this.process(), wait]);
    bound.abort();
  }

  #close(): void {
    this.#isClosed = true;
    if (this.#openedTo === undefined) {
      if (this.isPending) this.#onDropped();
      return;
    }
    try {
      this.#record({
        type: 'connection-closed',
        id: this.id,
        bytesIn: this.socket.bytesWritten,
        bytesOut: this.socket.bytesRead,
        ...(this.dialledAddress === undefined ? {} : { address: this.dialledAddress }),
        ...(this.#openedBy !== undefined || this.knownProcess === undefined
          ? {}
          : { process: this.knownProcess }),
        ...(this.error === undefined ? {} : { error: this.error }),
      });
    } catch {
      // The journal has failed; whoever wrote to it first has reported that.
    }
  }
}
