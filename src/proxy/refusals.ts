import type { RecordFact } from '../model/events.ts';
import type { Process } from '../model/exchange.ts';
import { BoundedMap } from '../support/bounded-map.ts';
import type { ClientConnection } from './connection.ts';

interface RefusalParts {
  readonly record: RecordFact;
  /** The line that mends a client's refusal of our CA. */
  readonly advise: (process: Process | undefined, host: string) => string;
  /** Whether who refused is let pass unread from then on. */
  readonly letsPass: boolean;
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
const REFUSALS: ReadonlySet<string> = new Set(['cert-rejected', ...Object.values(ambiguous)]);

interface Pending {
  readonly connection: ClientConnection;
  readonly cause: string;
}

/**
 * Tells which clients did not take our certificate. An alert says so at once. A connection that ends around the
 * handshake without one says little: a client that pins certificates does that, and so does one that dialled a spare.
 * It counts when that process, or where it is not known anybody, never asked anything of that host.
 */
export class Refusals {
  readonly #parts: RefusalParts;
  /** Hosts that were asked something, and who asked there. */
  readonly #trusted = new BoundedMap<string, true>(MAX_KNOWN);
  /** Who refused. Who is forgotten is shown our certificate again, and refuses it again. */
  readonly #refused = new BoundedMap<string, true>(MAX_KNOWN);
  /** Connections on which our certificate was, or is about to be, shown. */
  readonly #shown = new Set<ClientConnection>();
  /** Wait for the name of the process. */
  readonly #reports = new Set<Promise<void>>();
  #pending: Pending[] = [];

  constructor(parts: RefusalParts) {
    this.#parts = parts;
  }

  /**
   * Whether a connection is to pass unread, because its client refused before. Else it is about to be shown our
   * certificate. Nobody passes for another process, nor for another host.
   */
  async letsPass(connection: ClientConnection): Promise<boolean> {
    if (!this.#parts.letsPass) return false;
    this.#watch(connection);
    if (this.#refused.size + this.#pending.length + this.#reports.size === 0) return false;
    await Promise.allSettled(this.#reports);
    const who = whoOf(connection, await connection.process());
    if (!this.#refused.has(who)) await this.#judge(connection, who);
    return this.#refused.has(who);
  }

  /** A request came through TLS: its client trusts us. */
  noteRequest(connection: ClientConnection): void {
    if (!connection.secure || connection.hasAsked) return;
    connection.hasAsked = true;
    this.#trusted.set(hostOf(connection), true);
    connection.process().then(
      (process) => {
        if (process !== undefined) this.#trusted.set(whoOf(connection, process), true);
      },
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
      const who = whoOf(connection, await connection.process());
      if (!this.#mayHaveAsked(who)) await this.#report(connection, cause);
    }
  }

  /** Once some are forgotten, nobody is known never to have asked. */
  #mayHaveAsked(who: string): boolean {
    return this.#trusted.has(who) || this.#trusted.hasForgotten;
  }

  #watch(connection: ClientConnection): void {
    this.#shown.add(connection);
    connection.socket.once('close', () => this.#shown.delete(connection));
  }

  /**
   * Whether what was ambiguous was a refusal. Who comes again without ever having asked, and has no other connection
   * there, of which the one that ended could have been the spare, refused.
   */
  async #judge(connection: ClientConnection, who: string): Promise<void> {
    if (this.#mayHaveAsked(who)) return;
    const host = hostOf(connection);
    for (const other of this.#shown) {
      if (other === connection || hostOf(other) !== host) continue;
      if (whoOf(other, await other.process()) === who) return;
    }
    for (const pending of [...this.#pending]) {
      if (whoOf(pending.connection, await pending.connection.process()) !== who) continue;
      if (!this.#pending.includes(pending)) continue;
      this.#pending = this.#pending.filter((candidate) => candidate !== pending);
      await this.#report(pending.connection, pending.cause);
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
    if (REFUSALS.has(cause)) this.#refused.set(whoOf(connection, process), true);
  }
}

function hostOf(connection: ClientConnection): string {
  return connection.sni ?? connection.tunnel?.host ?? 'unknown';
}

/** A process and a host; where the process is not known, the host. A process that became another program is another. */
function whoOf(connection: ClientConnection, process: Process | undefined): string {
  const host = hostOf(connection);
  return process === undefined ? host : JSON.stringify([host, process.pid, process.command]);
}
