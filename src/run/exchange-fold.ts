import type { Names, Process } from '../model/exchange.ts';
import type { Counts } from '../model/outcome.ts';
import type { RunFacts } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { bytesOf, failureOf, MAX_URL, uploadOf } from './completed-exchange.ts';
import { distinctBlindSpots, distinctFailures, distinctTlsFailures } from './distinct.ts';
import { hostsOfRequest, hostsOfTunnel } from '../support/host-key.ts';
import { HostTally } from './host-tally.ts';
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
  readonly process: Process | undefined;
  /** Of one that was tunnelled unread: all that it named. */
  tunnelledTo: readonly string[];
  names: Names | undefined;
}

/** The part of the fold that tallies traffic. */
export class ExchangeFold {
  readonly #hosts = new HostTally();
  readonly #processes = new ProcessTally();
  readonly #statuses = new StatusTally();
  readonly #differingNames = new NameTally();
  readonly #failures = distinctFailures();
  readonly #tlsFailures = distinctTlsFailures();
  readonly #blindSpots = distinctBlindSpots();
  readonly #connections = new Map<string, Connection>();
  readonly #open = new Map<string, string>();
  /** Exchanges that were open when no more could be kept in mind. */
  #untracked = 0;
  #cutShort = 0;
  #tunnelled = 0;
  readonly #counts = { connections: 0, exchanges: 0, failed: 0, bytesIn: 0, bytesOut: 0 };

  add(event: TrafficEvent): void {
    switch (event.type) {
      case 'connection-opened':
        this.#counts.connections++;
        if (this.#connections.size < MAX_OPEN) {
          this.#connections.set(event.id, {
            destination: event.destination,
            process: event.process,
            tunnelledTo: [],
            names: undefined,
          });
        }
        break;
      case 'passed-through':
        this.#passThrough(event);
        break;
      case 'connection-closed':
        this.#close(event);
        break;
      case 'tls-failed':
        this.#failTls(event);
        break;
      case 'exchange-started':
        this.#start(event);
        break;
      case 'exchange-completed':
        this.#complete(event);
        break;
      case 'blind-spot':
        this.#addBlindSpot(event);
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
      unfinished: this.#open.size + this.#untracked,
      failed: this.#counts.failed,
      cutShort: this.#cutShort,
      tunnelled: this.#tunnelled,
    };
  }

  /** At most 1,000 exchanges that were started and not completed. */
  unfinished(): string[] {
    return [...this.#open.values()].sort(compareText).slice(0, MAX_UNFINISHED);
  }

  summarise(): Pick<
    RunFacts,
    'hosts' | 'processes' | 'statuses' | 'failures' | 'tlsFailures' | 'blindSpots' | 'differingNames'
  > {
    return {
      hosts: this.#hosts.list(),
      processes: this.#processes.list(),
      statuses: this.#statuses.record(),
      failures: this.#failures.list(),
      tlsFailures: this.#tlsFailures.list(),
      blindSpots: this.#blindSpots.list(),
      ...this.#differingNames.summarise(),
    };
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
    // What is still open at the end of a journal counts too.
    if (names !== undefined)
      this.#differingNames.add({ names, addresses: [], ...processOf(connection?.process), count: 1 });
  }

  #close({ id, bytesIn, bytesOut, address, process }: RecordedEventOf<'connection-closed'>): void {
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    if (connection === undefined || connection.tunnelledTo.length === 0) return;
    const { tunnelledTo: hosts, names } = connection;
    const asker = connection.process ?? process;
    this.#addBytes(hosts, bytesIn, bytesOut);
    this.#processes.add(asker, { hosts, requests: 0, failed: 0, bytesIn, bytesOut, tunnels: 1 });
    this.#addDialled(names, address, asker);
  }

  /** What was not known yet of names that are counted already. */
  #addDialled(names: Names | undefined, address: string | undefined, process: Process | undefined): void {
    if (names === undefined) return;
    const addresses = address === undefined ? [] : [address];
    this.#differingNames.add({ names, addresses, ...processOf(process), count: 0 });
  }

  #failTls({ host, side, cause, advice, process }: RecordedEventOf<'tls-failed'>): void {
    this.#tlsFailures.add({
      host,
      side,
      cause,
      advice,
      ...(process === undefined ? {} : { process }),
      count: 1,
    });
  }

  #addBlindSpot({ kind, subject, advice, process, count = 1 }: RecordedEventOf<'blind-spot'>): void {
    this.#blindSpots.add({ kind, subject, advice, ...(process === undefined ? {} : { process }), count });
  }

  #start({ id, request, names }: RecordedEventOf<'exchange-started'>): void {
    this.#countRequest(request.url, names);
    if (this.#open.size < MAX_OPEN) this.#open.set(id, `${request.method} ${request.url.slice(0, MAX_URL)}`);
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
    const asked = { hosts, requests: 1, failed, bytesIn, bytesOut, tunnels: 0, ...uploadOf(event, dialled) };
    this.#processes.add(process, asked);
    if (failure === undefined) return;
    this.#counts.failed++;
    if (event.error === null && response?.body.complete === false) this.#cutShort++;
    for (const host of hosts) this.#hosts.of(host).failed++;
    this.#failures.add({ method: request.method, url: request.url.slice(0, MAX_URL), ...failure, count: 1 });
  }

  #end({ id, request, names }: Completed): void {
    if (this.#open.delete(id)) return;
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
