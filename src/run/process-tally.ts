import type { Process } from '../model/exchange.ts';
import type { ProcessHostSummary, ProcessSummary, UploadSummary } from '../model/run.ts';
import { compareText } from '../support/compare.ts';

interface Tally {
  readonly process: Process | null;
  readonly key: string;
  readonly pids: Set<number>;
  /** Of merged runs, whose pids mean nothing to each other. */
  others: number;
  requests: number;
  failed: number;
  bytesIn: number;
  bytesOut: number;
  tunnels: number;
  readonly hosts: Map<string, ProcessHostSummary>;
  readonly uploads: Map<string, UploadSummary>;
}

/** What one exchange or one tunnel adds. */
export interface Asked {
  /** All that it named: each gets its numbers. */
  readonly hosts: readonly string[];
  readonly requests: number;
  readonly failed: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly tunnels: number;
  readonly upload?: UploadSummary | undefined;
}

/** Memory stays bounded: what goes beyond is in the sums, not in the lists. */
const MAX_TALLIES = 1_000;
const MAX_PIDS = 10_000;
const MAX_HOSTS = 50;
const MAX_UPLOADS_KEPT = 100;
const MAX_UPLOADS = 20;
const UNKNOWN = '';

/** Who asked for what. */
export class ProcessTally {
  readonly #tallies = new Map<string, Tally>();
  /** A running command gives the same object for every exchange of a process. */
  readonly #keys = new WeakMap<Process, string>();
  #pids = 0;

  add(process: Process | undefined, asked: Asked): void {
    const tally = this.#of(process ?? null);
    if (process !== undefined && this.#pids < MAX_PIDS && !tally.pids.has(process.pid)) {
      tally.pids.add(process.pid);
      this.#pids++;
    }
    for (const key of ['requests', 'failed', 'bytesIn', 'bytesOut', 'tunnels'] as const)
      tally[key] += asked[key];
    for (const host of asked.hosts) addHost(tally, { ...asked, host });
    if (asked.upload !== undefined) addUpload(tally, asked.upload);
  }

  /** More of a body that was still being sent went out: `before` is what was added of it. */
  correct(
    process: Process | undefined,
    {
      before,
      ...more
    }: Pick<Asked, 'hosts' | 'bytesOut' | 'upload'> & { readonly before: UploadSummary | undefined },
  ): void {
    const tally = this.#of(process ?? null);
    if (before !== undefined) removeUpload(tally, before);
    this.add(process, { requests: 0, failed: 0, bytesIn: 0, tunnels: 0, ...more });
  }

  merge(summary: ProcessSummary): void {
    const tally = this.#of(summary.process);
    tally.others += summary.processes;
    for (const key of ['requests', 'failed', 'bytesIn', 'bytesOut', 'tunnels'] as const)
      tally[key] += summary[key];
    for (const host of summary.hosts) addHost(tally, host);
    for (const upload of summary.uploads) addUpload(tally, upload);
  }

  list(): ProcessSummary[] {
    return [...this.#tallies.values()]
      .sort((a, b) => b.bytesOut - a.bytesOut || b.requests - a.requests || compareText(a.key, b.key))
      .map(summarise);
  }

  #of(process: Process | null): Tally {
    const key = process === null ? UNKNOWN : this.#keyOf(process);
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    if (this.#tallies.size >= MAX_TALLIES && key !== UNKNOWN) return this.#of(null);
    const tally: Tally = {
      process,
      key,
      pids: new Set(),
      others: 0,
      requests: 0,
      failed: 0,
      bytesIn: 0,
      bytesOut: 0,
      tunnels: 0,
      hosts: new Map(),
      uploads: new Map(),
    };
    this.#tallies.set(key, tally);
    return tally;
  }

  #keyOf(process: Process): string {
    const known = this.#keys.get(process);
    if (known !== undefined) return known;
    const { ecosystem, package: packageName, script, name, command } = process;
    const parts = packageName === undefined ? [script, name, ...command] : [ecosystem, packageName, script];
    const key = `${packageName === undefined ? 'command' : 'package'}\0${parts.join('\0')}`;
    this.#keys.set(process, key);
    return key;
  }
}

function summarise(tally: Tally): ProcessSummary {
  const { process, pids, others, requests, failed, bytesIn, bytesOut, tunnels } = tally;
  const hosts = [...tally.hosts.values()].sort(
    (a, b) => b.requests - a.requests || bytesOf(b) - bytesOf(a) || compareText(a.host, b.host),
  );
  const uploads = [...tally.uploads.values()]
    .sort((a, b) => b.size - a.size || compareText(keyOfUpload(a), keyOfUpload(b)))
    .slice(0, MAX_UPLOADS);
  const sums = { requests, failed, bytesIn, bytesOut, tunnels };
  return { process, processes: pids.size + others, ...sums, hosts, uploads };
}

function addHost({ hosts }: Tally, { host, requests, bytesIn, bytesOut }: ProcessHostSummary): void {
  const known = hosts.get(host);
  if (known === undefined) {
    if (hosts.size < MAX_HOSTS) hosts.set(host, { host, requests, bytesIn, bytesOut });
    return;
  }
  hosts.set(host, {
    host,
    requests: known.requests + requests,
    bytesIn: known.bytesIn + bytesIn,
    bytesOut: known.bytesOut + bytesOut,
  });
}

function addUpload({ uploads }: Tally, upload: UploadSummary): void {
  const key = keyOfUpload(upload);
  const known = uploads.get(key);
  if (known !== undefined) uploads.set(key, { ...known, count: known.count + upload.count });
  else if (uploads.size < MAX_UPLOADS_KEPT) uploads.set(key, upload);
  else {
    const smallest = [...uploads].reduce((least, one) => (one[1].size < least[1].size ? one : least));
    if (smallest[1].size < upload.size && uploads.delete(smallest[0])) uploads.set(key, upload);
  }
}

function removeUpload({ uploads }: Tally, upload: UploadSummary): void {
  const key = keyOfUpload(upload);
  const known = uploads.get(key);
  if (known === undefined) return;
  if (known.count > 1) uploads.set(key, { ...known, count: known.count - 1 });
  else uploads.delete(key);
}

function keyOfUpload({ method, url, size, sha256 }: UploadSummary): string {
  return [method, url, size, sha256].join('\0');
}

function bytesOf(host: ProcessHostSummary): number {
  return host.bytesIn + host.bytesOut;
}
