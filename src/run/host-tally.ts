import type { HostSummary } from '../model/run.ts';
import { compareText, sortedRecord } from '../support/compare.ts';

interface Tally {
  requests: number;
  failed: number;
  bytesIn: number;
  bytesOut: number;
  tunnels: number;
  passedThrough: number;
  readonly statuses: Map<string, number>;
}

/** More distinct hosts than this share one row: memory stays bounded. */
const MAX_HOSTS = 20_000;
const OTHERS = '(other hosts)';

/** What was exchanged with each host. */
export class HostTally {
  readonly #hosts = new Map<string, Tally>();

  of(host: string): Tally {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    if (this.#hosts.size >= MAX_HOSTS && host !== OTHERS) return this.of(OTHERS);
    const tally: Tally = {
      requests: 0,
      failed: 0,
      bytesIn: 0,
      bytesOut: 0,
      tunnels: 0,
      passedThrough: 0,
      statuses: new Map(),
    };
    this.#hosts.set(host, tally);
    return tally;
  }

  addStatus(host: string, status: string, count = 1): void {
    const { statuses } = this.of(host);
    statuses.set(status, (statuses.get(status) ?? 0) + count);
  }

  add(summary: HostSummary): void {
    const tally = this.of(summary.host);
    for (const key of ['requests', 'failed', 'bytesIn', 'bytesOut', 'tunnels'] as const)
      tally[key] += summary[key];
    tally.passedThrough += summary.passedThrough ?? 0;
    for (const [status, count] of Object.entries(summary.statuses))
      this.addStatus(summary.host, status, count);
  }

  size(): number {
    return this.#hosts.size;
  }

  /** Busiest first: requests, then bytes, then name. */
  list(): HostSummary[] {
    return [...this.#hosts]
      .map(([host, { statuses, passedThrough, ...numbers }]) => ({
        host,
        ...numbers,
        ...(passedThrough > 0 ? { passedThrough } : {}),
        statuses: sortedRecord(statuses),
      }))
      .sort((a, b) => b.requests - a.requests || bytesOf(b) - bytesOf(a) || compareText(a.host, b.host));
  }

  /** Response statuses of all hosts together. */
  statuses(): Record<string, number> {
    const total = new Map<string, number>();
    for (const { statuses } of this.#hosts.values()) {
      for (const [status, count] of statuses) total.set(status, (total.get(status) ?? 0) + count);
    }
    return sortedRecord(total);
  }
}

function bytesOf(host: { readonly bytesIn: number; readonly bytesOut: number }): number {
  return host.bytesIn + host.bytesOut;
}
