import type { Artifact } from '../model/artifact.ts';
import type { Process } from '../model/exchange.ts';
import type { RunFacts, LockfileSummary } from '../model/run.ts';
import { compareArtifacts } from './merge-artifacts.ts';
import { compareText } from '../support/compare.ts';
import type { LockfileUse } from './lockfile-use.ts';
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
    return [...this.#lockfiles.values()]
      .map(({ path, namedBy, ecosystem, digest }) => ({
        ...{ path, namedBy, ecosystem, digest },
        lines: this.#checkable.get(path) ?? new Set<number>(),
        fetched: fetched.get(path) ?? new Set<number>(),
      }))
      .sort((a, b) => compareText(a.path, b.path));
  }

  /** Ecosystems of what was fetched and is in no lockfile. */
  unlockedEcosystems(): Set<string> {
    return new Set(
      [...this.#artifacts.values()]
        .filter(({ direction, verdict }) => direction === 'fetched' && verdict !== 'locked')
        .map(({ ecosystem }) => ecosystem),
    );
  }

  summarise(): Pick<RunFacts, 'artifacts' | 'lockfiles'> {
    return {
      artifacts: [...this.#artifacts.values()].sort(compareArtifacts),
      lockfiles: sortLockfiles([...this.#lockfiles.values()]),
    };
  }
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
