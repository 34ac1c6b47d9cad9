import type { HostSummary } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { StatusTally } from './status-tally.ts';

interface Tally {
  requests: number;
  failed: number;
  bytesIn: number;
  bytesOut: number;
  tunnels: number;
  passedThrough: number;
  readonly statuses: StatusTally;
  readonly otherNames: Set<string>;
}

/** More distinct hosts than this share one row: memory stays bounded. */
const MAX_HOSTS = 20_000;
const MAX_OTHER_NAMES = 20;
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
      statuses: new StatusTally(),
      otherNames: new Set(),
    };
    this.#hosts.set(host, tally);
    return tally;
  }

  /** They were named by one and the same request or tunnel. */
  link(hosts: readonly string[]): void {
    if (hosts.length > 1) for (const host of hosts) this.#addNames(host, hosts);
  }

  add(summary: HostSummary): void {
    const tally = this.of(summary.host);
    for (const key of ['requests', 'failed', 'bytesIn', 'bytesOut', 'tunnels'] as const)
      tally[key] += summary[key];
    tally.passedThrough += summary.passedThrough ?? 0;
    tally.statuses.addAll(summary.statuses);
    this.#addNames(summary.host, summary.otherNames ?? []);
  }

  size(): number {
    return this.#hosts.size;
  }

  /** Busiest first: requests, then bytes, then name. */
  list(): HostSummary[] {
    return [...this.#hosts]
      .map(([host, { statuses, passedThrough, otherNames, ...numbers }]) => ({
        host,
        ...numbers,
        ...(passedThrough > 0 ? { passedThrough } : {}),
        ...(otherNames.size > 0 ? { otherNames: [...otherNames].sort(compareText) } : {}),
        statuses: statuses.record(),
      }))
      .sort((a, b) => b.requests - a.requests || bytesOf(b) - bytesOf(a) || compareText(a.host, b.host));
  }

  #addNames(host: string, names: readonly string[]): void {
    const { otherNames } = this.of(host);
    for (const name of names) if (name !== host && otherNames.size < MAX_OTHER_NAMES) otherNames.add(name);
  }
}

function bytesOf(host: { readonly bytesIn: number; readonly bytesOut: number }): number {
  return host.bytesIn + host.bytesOut;
}
