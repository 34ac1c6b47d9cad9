import type { Process } from '../model/exchange.ts';
import type { Counts } from '../model/outcome.ts';
import type { RunFacts } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { bytesOf, failureOf, MAX_URL, uploadOf } from './completed-exchange.ts';
import { distinctBlindSpots, distinctFailures, distinctTlsFailures } from './distinct.ts';
import { hostOfDestination, hostOfUrl } from '../support/host-key.ts';
import { HostTally } from './host-tally.ts';
import { ProcessTally } from './process-tally.ts';
import type { RecordedEvent, RecordedEventOf } from './recorded-event.ts';

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
  readonly host: string;
  readonly process: Process | undefined;
  isTunnelled: boolean;
}

/** The part of the fold that tallies traffic. */
export class ExchangeFold {
  readonly #hosts = new HostTally();
  readonly #processes = new ProcessTally();
  readonly #failures = distinctFailures();
  readonly #tlsFailures = distinctTlsFailures();
  readonly #blindSpots = distinctBlindSpots();
  readonly #connections = new Map<string, Connection>();
  readonly #open = new Map<string, string>();
  /** Exchanges that were open when no more could be kept in mind. */
  #untracked = 0;
  #cutShort = 0;
  readonly #counts = { connections: 0, exchanges: 0, failed: 0, bytesIn: 0, bytesOut: 0 };

  add(event: TrafficEvent): void {
    switch (event.type) {
      case 'connection-opened':
        this.#counts.connections++;
        if (this.#connections.size < MAX_OPEN) {
          this.#connections.set(event.id, {
            host: hostOfDestination(event.destination),
            process: event.process,
            isTunnelled: false,
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

  /** Exchanges that were never completed, and responses that were cut short. */
  looseEnds(): { unfinished: number; cutShort: number } {
    return { unfinished: this.#open.size + this.#untracked, cutShort: this.#cutShort };
  }

  /** At most 1,000 exchanges that were started and not completed. */
  unfinished(): string[] {
    return [...this.#open.values()].sort(compareText).slice(0, MAX_UNFINISHED);
  }

  summarise(): Pick<
    RunFacts,
    'hosts' | 'processes' | 'statuses' | 'failures' | 'tlsFailures' | 'blindSpots'
  > {
    return {
      hosts: this.#hosts.list(),
      processes: this.#processes.list(),
      statuses: this.#hosts.statuses(),
      failures: this.#failures.list(),
      tlsFailures: this.#tlsFailures.list(),
      blindSpots: this.#blindSpots.list(),
    };
  }

  #passThrough({ connectionId, reason }: RecordedEventOf<'passed-through'>): void {
    const connection = this.#connections.get(connectionId);
    if (connection !== undefined) connection.isTunnelled = true;
    const tally = this.#hosts.of(connection?.host ?? '(unknown)');
    tally.tunnels++;
    if (reason === 'passthrough-option') tally.passedThrough++;
  }

  #close({ id, bytesIn, bytesOut, process }: RecordedEventOf<'connection-closed'>): void {
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    if (connection?.isTunnelled !== true) return;
    const { host } = connection;
    this.#addBytes(host, bytesIn, bytesOut);
    const asked = { host, requests: 0, failed: 0, bytesIn, bytesOut, tunnels: 1 };
    this.#processes.add(connection.process ?? process, asked);
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

  #start({ id, request }: RecordedEventOf<'exchange-started'>): void {
    this.#countRequest(request.url);
    if (this.#open.size < MAX_OPEN) this.#open.set(id, `${request.method} ${request.url.slice(0, MAX_URL)}`);
    else this.#untracked++;
  }

  #complete(event: Completed): void {
    const { request, response } = event;
    this.#end(event);
    const host = hostOfUrl(request.url);
    const { bytesIn, bytesOut } = bytesOf(event);
    const failure = failureOf(event);
    const failed = failure === undefined ? 0 : 1;
    if (response !== null) {
      this.#hosts.addStatus(host, `${response.status}${response.by === 'proxaudit' ? ' (proxaudit)' : ''}`);
    }
    this.#addBytes(host, bytesIn, bytesOut);
    const asked = { host, requests: 1, failed, bytesIn, bytesOut, tunnels: 0, ...uploadOf(event, host) };
    this.#processes.add(event.process, asked);
    if (failure === undefined) return;
    this.#counts.failed++;
    if (event.error === null && response?.body.complete === false) this.#cutShort++;
    this.#hosts.of(host).failed++;
    this.#failures.add({ method: request.method, url: request.url.slice(0, MAX_URL), ...failure, count: 1 });
  }

  #end({ id, request }: Completed): void {
    if (this.#open.delete(id)) return;
    if (this.#untracked > 0) this.#untracked--;
    else this.#countRequest(request.url);
  }

  #countRequest(url: string): void {
    this.#counts.exchanges++;
    this.#hosts.of(hostOfUrl(url)).requests++;
  }

  #addBytes(host: string, bytesIn: number, bytesOut: number): void {
    const tally = this.#hosts.of(host);
    tally.bytesIn += bytesIn;
    tally.bytesOut += bytesOut;
    this.#counts.bytesIn += bytesIn;
    this.#counts.bytesOut += bytesOut;
  }
}
