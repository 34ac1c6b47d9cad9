import type { DigestAlgorithm, LockedEntry } from '../model/artifact.ts';
import type { Knowledge } from './knowledge.ts';
import type { Identity } from './recogniser.ts';

/** How far an artifact may be from the one that a lockfile names: a layer is in a manifest, that in an index. */
const MAX_STEPS = 4;
/** Of one artifact: as many say of which others it is a part. */
const MAX_WHOLES = 16;

/** What one lockfile of the working directory locks. */
export interface LoadedLockfile {
  readonly path: string;
  readonly ecosystem: string;
  readonly entries: readonly LockedEntry[];
}

export interface LockedDigest {
  readonly path: string;
  readonly line: number;
  readonly algorithm: DigestAlgorithm;
  readonly value: string;
  readonly comparable: boolean;
}

/** What the lockfiles say of one artifact. */
export interface LockStatement {
  /** A lockfile of its ecosystem was loaded. */
  readonly isCovered: boolean;
  /** An entry accounts for it, or for what it is a part of. */
  readonly isNamed: boolean;
  /** One list an entry: any digest of it may be the artifact's. */
  readonly digests: readonly (readonly LockedDigest[])[];
}

interface Place {
  readonly path: string;
  readonly entry: LockedEntry;
}

/** Finds what lockfiles say, by exact URL first, then by name and version. */
export class Expectations {
  /** All that are named. */
  readonly commits = new Set<string>();
  readonly #byUrl = new Map<string, Place[]>();
  readonly #byName = new Map<string, Place[]>();
  readonly #ecosystems = new Set<string>();
  readonly #knowledge: Pick<Knowledge, 'of'>;

  constructor(lockfiles: readonly LoadedLockfile[], knowledge: Pick<Knowledge, 'of'>) {
    this.#knowledge = knowledge;
    for (const { path, ecosystem, entries } of lockfiles) {
      this.#ecosystems.add(ecosystem);
      for (const entry of entries) {
        const place = { path, entry };
        if (entry.url !== undefined) push(this.#byUrl, entry.url, place);
        if (entry.version !== null) push(this.#byName, `${ecosystem}:${entry.name}@${entry.version}`, place);
        // A commit is the same commit wherever it comes from: a mirror, another URL of the repository.
        for (const { algorithm, value } of entry.expected) {
          if (algorithm !== 'gitCommit') continue;
          this.commits.add(value);
          push(this.#byName, `git:${value}`, place);
        }
      }
    }
  }

  about(identity: Identity, urls: readonly string[]): LockStatement {
    const isCovered = this.#ecosystems.has(identity.ecosystem);
    const byUrl = placesAt(this.#byUrl, urls);
    const places = byUrl.length > 0 ? byUrl : placesAt(this.#byName, identity.keys);
    if (places.length === 0) {
      const isNamed = isCovered && this.#isPartOfNamed(identity.keys, MAX_STEPS);
      return { isCovered, isNamed, digests: [] };
    }
    const digests = places.map((place) => digestsFor(place, identity.fileName));
    return { isCovered, isNamed: true, digests: digests.filter((list) => list.length > 0) };
  }

  #isPartOfNamed(keys: readonly string[], steps: number): boolean {
    const wholes = keys
      .flatMap((key) => this.#knowledge.of(key)?.published ?? [])
      .flatMap(({ by }) => by ?? [])
      .slice(0, MAX_WHOLES);
    return (
      wholes.some((key) => this.#byName.has(key)) ||
      (steps > 1 && wholes.length > 0 && this.#isPartOfNamed(wholes, steps - 1))
    );
  }
}

/** Where an entry has digests by file, those of other files say nothing. */
function digestsFor({ path, entry }: Place, fileName: string | null): LockedDigest[] {
  return entry.expected
    .filter((expected) => expected.fileName === undefined || expected.fileName === fileName)
    .map(({ algorithm, value, comparable = true }) => ({
      path,
      line: entry.line,
      algorithm,
      value,
      comparable,
    }));
}

function placesAt(map: ReadonlyMap<string, readonly Place[]>, keys: readonly string[]): readonly Place[] {
  let found: readonly Place[] = [];
  for (const key of keys) {
    const places = map.get(key);
    if (places !== undefined) found = found.length === 0 ? places : [...found, ...places];
  }
  return found;
}

function push(map: Map<string, Place[]>, key: string, place: Place): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [place]);
  else list.push(place);
}
