import type { ExchangeError, Process } from '../model/exchange.ts';
import type { RunFacts } from '../model/run.ts';
import { MAX_URL } from './completed-exchange.ts';
import {
  distinctBlindSpots,
  distinctFailures,
  distinctTlsFailures,
  distinctUnverifiedTls,
} from './distinct.ts';
import { processOf } from './name-tally.ts';
import type { RecordedEventOf } from './recorded-event.ts';

type Faults = Pick<RunFacts, 'failures' | 'tlsFailures' | 'blindSpots' | 'unverifiedTls'>;

/** What is to be said of connections that passed unread for these reasons. */
const TUNNEL_ADVICE: Readonly<Record<string, (host: string) => string>> = {
  'client-certificate-wanted': (host) =>
    `have proxaudit present the certificate that the client has for it: --client-cert ${host}=FILE`,
  'not-http-in-tls': (host) =>
    `its bytes are counted, and no more can be told of them; if that is meant, say so with --passthrough ${host}`,
};

/** Said of what is not read as its framing is ambiguous. */
const UNPARSED_ADVICE =
  'find out why it is sent so: what can be read in two ways is used to smuggle requests';

/** What failed, and what was not read or not verified; equal things once each. */
export class FaultTally {
  readonly #failures = distinctFailures();
  readonly #tlsFailures = distinctTlsFailures();
  readonly #blindSpots = distinctBlindSpots();
  readonly #unverifiedTls = distinctUnverifiedTls();

  fail(method: string, url: string, { code, message }: ExchangeError): void {
    this.#failures.add({ method, url, code, message, count: 1 });
  }

  failTls({ host, side, cause, advice, process }: RecordedEventOf<'tls-failed'>): void {
    this.#tlsFailures.add({ host, side, cause, advice, ...processOf(process), count: 1 });
  }

  addBlindSpot({ kind, subject, advice, process, count = 1 }: RecordedEventOf<'blind-spot'>): void {
    this.#blindSpots.add({ kind, subject, advice, ...processOf(process), count });
  }

  passThrough(
    reason: RecordedEventOf<'passed-through'>['reason'],
    host: string,
    process: Process | undefined,
  ): void {
    if (reason !== 'client-certificate-wanted' && reason !== 'not-http-in-tls') return;
    const advice = TUNNEL_ADVICE[reason]?.(host) ?? '';
    this.#blindSpots.add({ kind: reason, subject: host, advice, ...processOf(process), count: 1 });
  }

  /** What was not as it should be with an exchange that did not fail of it. */
  addExchange(event: RecordedEventOf<'exchange-completed'>, host: string): void {
    const { request, unparsed, unverifiedTls: cause, process } = event;
    const asker = processOf(process);
    if (cause !== undefined) this.#unverifiedTls.add({ host, cause, ...asker, count: 1 });
    if (unparsed === undefined) return;
    const advice = `${unparsed.reason}: ${UNPARSED_ADVICE}`;
    const subject = request.url.slice(0, MAX_URL);
    this.#blindSpots.add({ kind: 'unparsed', subject, advice, ...asker, count: 1 });
  }

  addAll({ failures, tlsFailures, blindSpots, unverifiedTls = [] }: Faults): void {
    for (const failure of failures) this.#failures.add(failure);
    for (const failure of tlsFailures) this.#tlsFailures.add(failure);
    for (const spot of blindSpots) this.#blindSpots.add(spot);
    for (const unverified of unverifiedTls) this.#unverifiedTls.add(unverified);
  }

  summarise(): Faults {
    const unverifiedTls = this.#unverifiedTls.list();
    return {
      failures: this.#failures.list(),
      tlsFailures: this.#tlsFailures.list(),
      blindSpots: this.#blindSpots.list(),
      ...(unverifiedTls.length === 0 ? {} : { unverifiedTls }),
    };
  }
}
