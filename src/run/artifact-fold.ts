import type { Artifact } from '../model/artifact.ts';
import type { Process } from '../model/exchange.ts';
import type { RunFacts, LockfileSummary } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { joinRefs, wayOf } from '../support/git-refs.ts';
import type { LockfileUse } from './not-whole.ts';
import type { RecordedEventOf } from './recorded-event.ts';

const MAX_ARTIFACTS = 200_000;
const MAX_SHARED = 1_000;

/** The part of the fold that holds artifacts and what they were checked against. */
export class ArtifactFold {
  readonly #artifacts = new Map<string, Artifact>();
  readonly #processes = new Map<string, Process>();
  readonly #lockfiles = new Map<string, LockfileSummary>();
  /** Lines of entries with digests, by path. */
  readonly #checkable = new Map<string, Set<number>>();

  /** A later statement of the same id replaces the earlier one. */
  add(artifact: Artifact): void {
    if (this.#artifacts.has(artifact.id) || this.#artifacts.size < MAX_ARTIFACTS) {
      this.#artifacts.set(artifact.id, this.#withSharedProcess(artifact));
    }
  }

  /** The few processes of many artifacts are held once each. */
  #withSharedProcess(artifact: Artifact): Artifact {
    if (artifact.process === undefined) return artifact;
    const key = JSON.stringify(artifact.process);
    const process = this.#processes.get(key) ?? artifact.process;
    if (this.#processes.size < MAX_SHARED) this.#processes.set(key, process);
    return { ...artifact, process };
  }

  addLockfile({
    path,
    place,
    namedBy,
    digest,
    ecosystem,
    entries,
  }: RecordedEventOf<'lockfile-loaded'>): void {
    const before = this.#lockfiles.get(path)?.entries ?? 0;
    const where = {
      ...(place === undefined ? {} : { place }),
      ...(namedBy === undefined ? {} : { namedBy }),
    };
    this.#lockfiles.set(path, { path, ...where, digest, ecosystem, entries: before + entries.length });
    const lines = this.#checkable.get(path) ?? new Set();
    this.#checkable.set(path, lines);
    for (const { expected, line } of entries) if (expected.length > 0) lines.add(line);
  }

  /** How much of each lockfile was fetched, by path. */
  lockfileUse(): LockfileUse[] {
    const fetched = new Map<string, Set<number>>();
    for (const { expected } of this.#artifacts.values()) {
      for (const { source, from, line } of expected) {
        if (source !== 'lockfile' || line === undefined) continue;
        fetched.set(from, (fetched.get(from) ?? new Set()).add(line));
      }
    }
    return [...this.#checkable]
      .map(([path, lines]) => ({ path, entries: lines.size, fetched: fetched.get(path)?.size ?? 0 }))
      .sort((a, b) => compareText(a.path, b.path));
  }

  summarise(): Pick<RunFacts, 'artifacts' | 'lockfiles'> {
    return {
      artifacts: [...this.#artifacts.values()].sort(compareArtifacts),
      lockfiles: sortLockfiles([...this.#lockfiles.values()]),
    };
  }
}

/** Each artifact once for all runs, with the first one's facts, and the refs under which any run fetched a commit. */
export function mergeArtifacts(runs: readonly RunFacts[]): Artifact[] {
  const merged = new Map<string, Artifact>();
  for (const artifact of runs.flatMap((run) => run.artifacts)) {
    const same = sameness(artifact);
    const known = merged.get(same);
    merged.set(same, known === undefined ? artifact : joinRefs(known, artifact));
  }
  return [...merged.values()].sort(compareArtifacts);
}

function sameness(artifact: Artifact): string {
  const { direction, digests, verdict } = artifact;
  return [...sortKey(artifact), direction, JSON.stringify(digests), verdict, wayOf(artifact)].join('\0');
}

export function mergeLockfiles(runs: readonly RunFacts[]): LockfileSummary[] {
  const merged = new Map(
    runs
      .flatMap((run) => run.lockfiles)
      .map((lockfile) => [`${lockfile.path}\0${lockfile.digest}`, lockfile]),
  );
  return sortLockfiles([...merged.values()]);
}

function sortLockfiles(lockfiles: LockfileSummary[]): LockfileSummary[] {
  return lockfiles.sort((a, b) => compareText(a.path, b.path) || compareText(a.digest, b.digest));
}

function sortKey({ ecosystem, name, version, fileName, urls }: Artifact): string[] {
  return [ecosystem, name, version ?? '', fileName ?? '', urls[0] ?? ''];
}

function compareArtifacts(a: Artifact, b: Artifact): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  for (const [index, text] of left.entries()) {
    const order = compareText(text, right[index] ?? '');
    if (order !== 0) return order;
  }
  return compareText(a.digests.sha256 ?? a.commit ?? '', b.digests.sha256 ?? b.commit ?? '');
}
