import type { DigestAlgorithm, LockedEntry } from '../model/artifact.ts';
import { normalisePythonVersion } from '../support/python-version.ts';
import type { Knowledge } from './knowledge.ts';
import type { Identity } from './recogniser.ts';
import { canonicalUrl } from './url-view.ts';

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
  /** Of each list one must be the artifact's. */
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
  /** By file name, ecosystem by ecosystem: the entries that name their files. */
  readonly files = new Map<string, LockedEntry>();
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
        if (entry.url !== undefined) push(this.#byUrl, canonicalUrl(entry.url), place);
        if (entry.version !== null) push(this.#byName, keyOf(ecosystem, entry.name, entry.version), place);
        // A commit is the same commit wherever it comes from: a mirror, another URL of the repository.
        for (const { algorithm, value, fileName } of entry.expected) {
          if (fileName !== undefined) this.files.set(`${ecosystem}:${fileName}`, entry);
          if (algorithm !== 'gitCommit') continue;
          this.commits.add(value);
          push(this.#byName, `git:${value}`, place);
        }
      }
    }
  }

  about(identity: Identity, urls: readonly string[]): LockStatement {
    const isCovered = this.#ecosystems.has(identity.ecosystem);
    const byUrl = placesAt(this.#byUrl, urls.map(canonicalUrl));
    const places = byUrl.length > 0 ? byUrl : placesAt(this.#byName, identity.keys);
    if (places.length === 0) {
      const isNamed = isCovered && this.#isPartOfNamed(identity.keys, MAX_STEPS);
      return { isCovered, isNamed, digests: [] };
    }
    const lists = places.map((place) => digestsFor(place, identity));
    // An entry that names its files accounts for no other.
    const isNamed = lists.some((list) => list !== undefined);
    return { isCovered, isNamed, digests: lists.flatMap((list) => list ?? []) };
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

function keyOf(ecosystem: string, name: string, version: string): string {
  return `${ecosystem}:${name}@${ecosystem === 'pypi' ? normalisePythonVersion(version) : version}`;
}

/**
 * Undefined where an entry has digests of other things only. Digests of one file are all its own, by each algorithm;
 * where none is said to be of a file, any may be.
 */
function digestsFor({ path, entry }: Place, { ecosystem, fileName }: Identity): LockedDigest[][] | undefined {
  const { line, expected } = entry;
  const own = expected.filter((one) =>
    // What is to come from a repository is no other file of the same name and version.
    one.fileName === undefined
      ? one.algorithm !== 'gitCommit' || ecosystem === 'git'
      : one.fileName === fileName,
  );
  if (own.length === 0) return expected.length === 0 ? [] : undefined;
  const lists = new Map<string, LockedDigest[]>();
  for (const { algorithm, value, comparable = true, fileName: file } of own) {
    const digest = { path, line, algorithm, value, comparable };
    push(lists, file === undefined ? '' : algorithm, digest);
  }
  return [...lists.values()];
}

function placesAt(map: ReadonlyMap<string, readonly Place[]>, keys: readonly string[]): readonly Place[] {
  let found: readonly Place[] = [];
  for (const key of keys) {
    const places = map.get(key);
    if (places !== undefined) found = found.length === 0 ? places : [...found, ...places];
  }
  return found;
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
