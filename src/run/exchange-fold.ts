import type { ExchangeError, Names, Process } from '../model/exchange.ts';
import type { Counts } from '../model/outcome.ts';
import type { RunFacts } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { bytesOf, failureOf, MAX_URL, sentSizeOf, uploadOf } from './completed-exchange.ts';
import { FaultTally } from './fault-tally.ts';
import { hostOfDestination, hostsOfRequest, hostsOfTunnel } from '../support/host-key.ts';
import { HostTally } from './host-tally.ts';
import { LateUploads } from './late-uploads.ts';
import { NameTally, processOf } from './name-tally.ts';
import { ProcessTally } from './process-tally.ts';
import type { RecordedEvent, RecordedEventOf } from './recorded-event.ts';
import { StatusTally } from './status-tally.ts';

type TrafficEvent = Exclude<
  RecordedEvent,
  {
    type:
      | 'run-started'
      | 'run-finished'
      | 'connections-sampled'
      | 'lockfile-loaded'
      | 'baseline-loaded'
      | 'waivers-loaded'
      | 'artifact-recognised';
  }
>;
type Completed = RecordedEventOf<'exchange-completed'>;

/** Open connections and exchanges that are kept in mind; what a journal leaves open beyond them is only counted. */
const MAX_OPEN = 10_000;
const MAX_UNFINISHED = 1_000;

interface Connection {
  readonly destination: { readonly host: string; readonly port: number };
  readonly via: RecordedEventOf<'connection-opened'>['via'];
  readonly process: Process | undefined;
  /** Of one that was tunnelled unread: all that it named. */
  tunnelledTo: readonly string[];
  names: Names | undefined;
  /** A request came on it, or a client has refused our CA: why it ended is told with that. */
  isExplained: boolean;
}

/** How connections are asked for, as failures name it. */
const ASKED = { connect: 'CONNECT', socks5: 'SOCKS5', http: 'connection' } as const;

/** The part of the fold that tallies traffic. */
export class ExchangeFold {
  readonly #hosts = new HostTally();
  readonly #processes = new ProcessTally();
  readonly #statuses = new StatusTally();
  readonly #differingNames = new NameTally();
  readonly #faults = new FaultTally();
  readonly #lateUploads = new LateUploads();
  readonly #connections = new Map<string, Connection>();
  readonly #started = new Map<string, string>();
  /** Exchanges that were open when no more could be kept in mind. */
  #untracked = 0;
  #cutShort = 0;
  #tunnelled = 0;
  readonly #counts = { connections: 0, exchanges: 0, failed: 0, bytesIn: 0, bytesOut: 0 };

  add(event: TrafficEvent): void {
    switch (event.type) {
      case 'connection-opened':
        this.#open(event);
        break;
      case 'passed-through':
        this.#passThrough(event);
        break;
      case 'connection-closed':
        this.#close(event);
        break;
      case 'tls-failed':
        this.#faults.failTls(event);
        // A bad certificate of the server is told as a failure of the host, too.
        if (event.side === 'client') this.#explain(event.connectionId);
        break;
      case 'exchange-started':
        this.#start(event);
        break;
      case 'exchange-completed':
        this.#complete(event);
        break;
      case 'request-body-completed':
        this.#completeBody(event);
        break;
      case 'blind-spot':
        this.#faults.addBlindSpot(event);
        break;
    }
  }

  counts(): Counts {
    return { ...this.#counts };
  }

  hostCount(): number {
    return this.#hosts.size();
  }

  /** Exchanges that were never completed, those that failed, responses cut short, and connections that were not read. */
  looseEnds(): { unfinished: number; failed: number; cutShort: number; tunnelled: number } {
    return {
      unfinished: this.#started.size + this.#untracked,
      failed: this.#counts.failed,
      cutShort: this.#cutShort,
      tunnelled: this.#tunnelled,
    };
  }

  /** At most 1,000 exchanges that were started and not completed. */
  unfinished(): string[] {
    return [...this.#started.values()].sort(compareText).slice(0, MAX_UNFINISHED);
  }

  summarise(): Pick<
    RunFacts,
    | 'hosts'
    | 'processes'
    | 'statuses'
    | 'failures'
    | 'tlsFailures'
    | 'blindSpots'
    | 'differingNames'
    | 'unverifiedTls'
  > {
    return {
      hosts: this.#hosts.list(),
      processes: this.#processes.list(),
      statuses: this.#statuses.record(),
      ...this.#faults.summarise(),
      ...this.#differingNames.summarise(),
    };
  }

  #open({ id, destination, process, via }: RecordedEventOf<'connection-opened'>): void {
    this.#counts.connections++;
    if (this.#connections.size >= MAX_OPEN) return;
    const known = { destination, process, via };
    this.#connections.set(id, { ...known, tunnelledTo: [], names: undefined, isExplained: false });
  }

  #passThrough(event: RecordedEventOf<'passed-through'>): void {
    const { connectionId, reason, names } = event;
    const connection = this.#connections.get(connectionId);
    const destination = event.destination ?? connection?.destination;
    const hosts = destination === undefined ? ['(unknown)'] : hostsOfTunnel(destination, names);
    if (connection !== undefined) {
      connection.tunnelledTo = hosts;
      connection.names = names;
    }
    this.#tunnelled++;
    this.#hosts.link(hosts);
    for (const host of hosts) {
      const tally = this.#hosts.of(host);
      tally.tunnels++;
      if (reason === 'passthrough-option') tally.passedThrough++;
    }
    this.#faults.passThrough(reason, hosts[0] ?? '', connection?.process);
    // What is still open at the end of a journal counts too.
    if (names !== undefined)
      this.#differingNames.add({ names, addresses: [], ...processOf(connection?.process), count: 1 });
  }

  #close(event: RecordedEventOf<'connection-closed'>): void {
    const { id, bytesIn, bytesOut, address, process, error } = event;
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    if (connection === undefined) return;
    const { tunnelledTo: hosts, names } = connection;
    const asker = connection.process ?? process;
    if (error !== undefined && !connection.isExplained) this.#failConnection(connection, error, asker);
    if (hosts.length === 0) return;
    this.#addBytes(hosts, bytesIn, bytesOut);
    this.#processes.add(asker, { hosts, requests: 0, failed: 0, bytesIn, bytesOut, tunnels: 1 });
    this.#addDialled(names, address, asker);
  }

  /** It ended before a request came, or passed unread: a failure of the host that it was to lead to. */
  #failConnection(
    { destination, via, tunnelledTo }: Connection,
    error: ExchangeError,
    process: Process | undefined,
  ): void {
    const { host, port } = destination;
    const hosts = tunnelledTo.length > 0 ? tunnelledTo : [hostOfDestination(destination)];
    const url = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#counts.failed++;
    for (const name of hosts) this.#hosts.of(name).failed++;
    this.#processes.add(process, { hosts, requests: 0, failed: 1, bytesIn: 0, bytesOut: 0, tunnels: 0 });
    this.#faults.fail(ASKED[via], url, error);
  }

  /** What was not known yet of names that are counted already. */
  #addDialled(names: Names | undefined, address: string | undefined, process: Process | undefined): void {
    if (names === undefined) return;
    const addresses = address === undefined ? [] : [address];
    this.#differingNames.add({ names, addresses, ...processOf(process), count: 0 });
  }

  #explain(connectionId: string): void {
    const connection = this.#connections.get(connectionId);
    if (connection !== undefined) connection.isExplained = true;
  }

  #start({ id, connectionId, request, names }: RecordedEventOf<'exchange-started'>): void {
    this.#explain(connectionId);
    this.#countRequest(request.url, names);
    if (this.#started.size < MAX_OPEN)
      this.#started.set(id, `${request.method} ${request.url.slice(0, MAX_URL)}`);
    else this.#untracked++;
  }

  #complete(event: Completed): void {
    const { request, response, names, address, process } = event;
    this.#end(event);
    const hosts = hostsOfRequest(request.url, names);
    const [dialled = ''] = hosts;
    const { bytesIn, bytesOut } = bytesOf(event);
    const failure = failureOf(event);
    const failed = failure === undefined ? 0 : 1;
    if (response !== null) {
      const status = `${response.status}${response.by === 'proxaudit' ? ' (proxaudit)' : ''}`;
      this.#statuses.add(status);
      for (const host of hosts) this.#hosts.of(host).statuses.add(status);
    }
    this.#addDialled(names, address, process);
    this.#addBytes(hosts, bytesIn, bytesOut);
    const upload = uploadOf(request, sentSizeOf(event), dialled);
    const asked = { hosts, requests: 1, failed, bytesIn, bytesOut, tunnels: 0, upload };
    this.#processes.add(process, asked);
    if (request.body.complete === false)
      this.#lateUploads.add(event.id, { hosts, process, request, size: sentSizeOf(event), upload });
    this.#faults.addExchange(event, dialled);
    if (failure === undefined) return;
    this.#counts.failed++;
    if (event.error === null && response?.body.complete === false) this.#cutShort++;
    for (const host of hosts) this.#hosts.of(host).failed++;
    this.#faults.fail(request.method, request.url.slice(0, MAX_URL), failure);
  }

  /** What went out after the response had ended. */
  #completeBody({ id, body }: RecordedEventOf<'request-body-completed'>): void {
    const late = this.#lateUploads.take(id);
    if (late === undefined) return;
    const { hosts, process, request, size, upload: before } = late;
    const bytesOut = body.size - size;
    const [host = ''] = hosts;
    this.#addBytes(hosts, 0, bytesOut);
    const upload = uploadOf({ ...request, body }, body.size, host);
    this.#processes.correct(process, { hosts, bytesOut, upload, before });
  }

  #end({ id, request, names }: Completed): void {
    if (this.#started.delete(id)) return;
    if (this.#untracked > 0) this.#untracked--;
    else this.#countRequest(request.url, names);
  }

  #countRequest(url: string, names: Names | undefined): void {
    const hosts = hostsOfRequest(url, names);
    this.#counts.exchanges++;
    this.#hosts.link(hosts);
    for (const host of hosts) this.#hosts.of(host).requests++;
    // Here already: a journal may end before the exchange does.
    if (names !== undefined) this.#differingNames.add({ names, addresses: [], count: 1 });
  }

  #addBytes(hosts: readonly string[], bytesIn: number, bytesOut: number): void {
    for (const host of hosts) {
      const tally = this.#hosts.of(host);
      tally.bytesIn += bytesIn;
      tally.bytesOut += bytesOut;
    }
    this.#counts.bytesIn += bytesIn;
    this.#counts.bytesOut += bytesOut;
  }
}
