import type { RecordFact } from '../model/events.ts';
import type { ExchangeError } from '../model/exchange.ts';
import { BoundedMap } from '../support/bounded-map.ts';
import type { ClientConnection } from './connection.ts';
import type { Destination } from './types.ts';
import { describeCertificateFailure, describeUpstreamFailure } from './upstream/failures.ts';

/** Hosts that are kept in mind; one that is forgotten is asked again. */
const MAX_HOSTS = 1_000;

/** What went wrong upstream, put into words, and recorded where it is a fault of TLS. */
export class UpstreamFailures {
  readonly #record: RecordFact;
  /** They asked for a certificate that we do not have. */
  readonly #wantCertificate = new BoundedMap<string, true>(MAX_HOSTS);

  constructor(record: RecordFact) {
    this.#record = record;
  }

  wantsClientCertificate(host: string): boolean {
    return this.#wantCertificate.has(host);
  }

  explain(error: unknown, { host }: Destination, connection: ClientConnection): ExchangeError {
    const certificate = describeCertificateFailure(error, host);
    const failure = describeUpstreamFailure(error);
    if (certificate === undefined) return failure;
    if (certificate.cause === 'client-certificate-wanted') this.#wantCertificate.set(host, true);
    try {
      this.#record({
        type: 'tls-failed',
        connectionId: connection.id,
        host,
        side: 'upstream',
        ...certificate,
      });
    } catch {
      // Whoever fails to write to the journal first reports that.
    }
    return { ...failure, message: `${failure.message}; ${certificate.advice}` };
  }
}
