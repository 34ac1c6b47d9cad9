import type { RecordFact } from '../model/events.ts';
import type { Process } from '../model/exchange.ts';
import { BoundedMap } from '../support/bounded-map.ts';
import type { ClientConnection } from './connection.ts';

interface ClientTrustParts {
  readonly record: RecordFact;
  /** The line that mends a client's rejection of our CA. */
  readonly advise: (process: Process | undefined, host: string) => string;
  /** Whether who rejected it passes unread from then on. */
  readonly tunnelsAfterRejection: boolean;
}

/** A connection on which our certificate was, or is about to be, shown. */
export interface Intercepted {
  readonly connection: ClientConnection;
  /** Whose certificate it claims to be. */
  readonly host: string;
}

interface Pending {
  readonly intercepted: Intercepted;
  readonly cause: string;
}

const MAX_PENDING = 1000;
/** Hosts, and processes by host, that are kept in mind. */
const MAX_KNOWN = 10_000;

/** Causes that prove nothing by themselves, and how the journal calls them. */
const ambiguous: Readonly<Record<string, string>> = {
  closed: 'closed-after-handshake',
  reset: 'reset-during-handshake',
};
/** Causes that are about our certificate, not about ciphers or time. */
const REJECTIONS: ReadonlySet<string> = new Set(['cert-rejected', ...Object.values(ambiguous)]);

/**
 * Tells which clients did not take our certificate. An alert says so at once. A connection that ends around the
 * handshake without one says little: a client that pins certificates does that, and so does one that dialled a spare.
 * It counts when that process, or where it is not known anybody, never asked anything of that host.
 */
export class ClientTrust {
  readonly #parts: ClientTrustParts;
  /** Hosts that were asked something, and who asked there. */
  readonly #trusted = new BoundedMap<string, true>(MAX_KNOWN);
  /** Who rejected it. Who is forgotten is shown our certificate again, and rejects it again. */
  readonly #rejected = new BoundedMap<string, true>(MAX_KNOWN);
  readonly #shown = new Set<Intercepted>();
  /** Wait for the name of the process. */
  readonly #reports = new Set<Promise<void>>();
  #pending: Pending[] = [];

  constructor(parts: ClientTrustParts) {
    this.#parts = parts;
  }

  /**
   * Whether a connection is to be tunnelled, because its client rejected our certificate before. Else it is about to be shown
   * it. Nobody passes for another process, nor for another host.
   */
  async shouldTunnelAfterRejection(intercepted: Intercepted): Promise<boolean> {
    if (!this.#parts.tunnelsAfterRejection) return false;
    this.#watch(intercepted);
    if (this.#rejected.size + this.#pending.length + this.#reports.size === 0) return false;
    await Promise.allSettled(this.#reports);
    const who = whoOf(intercepted, await intercepted.connection.process());
    if (!this.#rejected.has(who)) await this.#judge(intercepted, who);
    return this.#rejected.has(who);
  }

  /** The first request came through TLS: its client trusts us. */
  noteRequest(intercepted: Intercepted): void {
    this.#trusted.set(intercepted.host, true);
    intercepted.connection.process().then(
      (process) => {
        if (process !== undefined) this.#trusted.set(whoOf(intercepted, process), true);
      },
      () => undefined,
    );
  }

  async noteFailure(intercepted: Intercepted, cause: string): Promise<void> {
    const later = ambiguous[cause];
    if (later === undefined) {
      const report = this.#report(intercepted, cause);
      this.#reports.add(report);
      await report.finally(() => this.#reports.delete(report));
      return;
    }
    // Asked now: at the end the process may be gone.
    void intercepted.connection.process();
    if (this.#pending.length < MAX_PENDING) this.#pending.push({ intercepted, cause: later });
  }

  /** States what is still open, when no more requests can come. A command may end while its rejection is looked into. */
  async conclude(): Promise<void> {
    await Promise.allSettled(this.#reports);
    for (const { intercepted, cause } of this.#pending.splice(0)) {
      const who = whoOf(intercepted, await intercepted.connection.process());
      if (!this.#mayHaveAsked(who)) await this.#report(intercepted, cause);
    }
  }

  /** Once some are forgotten, nobody is known never to have asked. */
  #mayHaveAsked(who: string): boolean {
    return this.#trusted.has(who) || this.#trusted.hasForgotten;
  }

  #watch(intercepted: Intercepted): void {
    this.#shown.add(intercepted);
    intercepted.connection.socket.once('close', () => this.#shown.delete(intercepted));
  }

  /**
   * Whether what was ambiguous was a rejection. Who comes again without ever having asked, and has no other connection
   * there, of which the one that ended could have been the spare, rejected it.
   */
  async #judge(intercepted: Intercepted, who: string): Promise<void> {
    if (this.#mayHaveAsked(who)) return;
    for (const other of this.#shown) {
      if (other === intercepted || other.host !== intercepted.host) continue;
      if (whoOf(other, await other.connection.process()) === who) return;
    }
    for (const pending of [...this.#pending]) {
      if (whoOf(pending.intercepted, await pending.intercepted.connection.process()) !== who) continue;
      if (!this.#pending.includes(pending)) continue;
      this.#pending = this.#pending.filter((candidate) => candidate !== pending);
      await this.#report(pending.intercepted, pending.cause);
    }
  }

  async #report(intercepted: Intercepted, cause: string): Promise<void> {
    const { connection, host } = intercepted;
    const process = await connection.process();
    this.#parts.record({
      type: 'tls-failed',
      connectionId: connection.id,
      host,
      side: 'client',
      cause,
      advice: this.#parts.advise(process, host),
      ...(process === undefined ? {} : { process }),
    });
    if (REJECTIONS.has(cause)) this.#rejected.set(whoOf(intercepted, process), true);
  }
}

/** A process and a host; where the process is not known, the host. A process that became another program is another. */
function whoOf({ host }: Intercepted, process: Process | undefined): string {
  return process === undefined ? host : JSON.stringify([host, process.pid, process.command]);
}
