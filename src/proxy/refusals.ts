import type { RecordFact } from '../model/events.ts';
import type { Process } from '../model/exchange.ts';
import type { ClientConnection } from './connection.ts';

interface RefusalParts {
  readonly record: RecordFact;
  /** The line that mends a client's refusal of our CA. */
  readonly advise: (process: Process | undefined, host: string) => string;
}

const MAX_PENDING = 1000;

/** Causes that prove nothing by themselves, and how the journal calls them. */
const ambiguous: Readonly<Record<string, string>> = {
  closed: 'closed-after-handshake',
  reset: 'reset-during-handshake',
};

/**
 * Tells which clients did not take our certificate. An alert says so at once. A connection that ends around the
 * handshake without one says little: a client that pins certificates does that, and so does one that dialled a spare.
 * It counts when that process, or where it is not known anybody, never asked anything of that host.
 */
export class Refusals {
  readonly #parts: RefusalParts;
  /** Hosts that were asked something, and `host pid` of who asked. */
  readonly #trusted = new Set<string>();
  /** Wait for the name of the process. */
  readonly #reports = new Set<Promise<void>>();
  readonly #pending: { readonly connection: ClientConnection; readonly cause: string }[] = [];

  constructor(parts: RefusalParts) {
    this.#parts = parts;
  }

  /** A request came through TLS: its client trusts us. */
  noteRequest(connection: ClientConnection): void {
    if (!connection.secure || connection.hasAsked) return;
    connection.hasAsked = true;
    const host = hostOf(connection);
    this.#trusted.add(host);
    connection.process().then(
      (process) => process !== undefined && this.#trusted.add(`${host} ${process.pid}`),
      () => undefined,
    );
  }

  async noteFailure(connection: ClientConnection, cause: string): Promise<void> {
    const later = ambiguous[cause];
    if (later === undefined) {
      const report = this.#report(connection, cause);
      this.#reports.add(report);
      await report.finally(() => this.#reports.delete(report));
      return;
    }
    // Asked now: at the end the process may be gone.
    void connection.process();
    if (this.#pending.length < MAX_PENDING) this.#pending.push({ connection, cause: later });
  }

  /** States what is still open, when no more requests can come. A command may end while its refusal is looked into. */
  async conclude(): Promise<void> {
    await Promise.allSettled(this.#reports);
    for (const { connection, cause } of this.#pending.splice(0)) {
      const host = hostOf(connection);
      const process = await connection.process();
      const who = process === undefined ? host : `${host} ${process.pid}`;
      if (!this.#trusted.has(who)) await this.#report(connection, cause);
    }
  }

  async #report(connection: ClientConnection, cause: string): Promise<void> {
    const process = await connection.process();
    this.#parts.record({
      type: 'tls-failed',
      connectionId: connection.id,
      host: hostOf(connection),
      side: 'client',
      cause,
      advice: this.#parts.advise(process, hostOf(connection)),
      ...(process === undefined ? {} : { process }),
    });
  }
}

function hostOf(connection: ClientConnection): string {
  return connection.sni ?? connection.tunnel?.host ?? 'unknown';
}
