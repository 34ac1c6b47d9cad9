import type { DigestAlgorithm, LockedEntry } from '../model/artifact.ts';
import type { Process } from '../model/exchange.ts';
import { normalisePythonVersion } from '../support/python-version.ts';
import { accountsFor } from '../support/lockfile-readers.ts';
import { holdsFor } from '../support/work-places.ts';
import type { Knowledge } from './knowledge.ts';
import type { Identity, OtherName } from './recogniser.ts';
import { canonicalUrl } from './url-view.ts';

/** How far an artifact may be from the one that a lockfile names: a layer is in a manifest, that in an index. */
const MAX_STEPS = 4;
/** Of one artifact: as many say of which others it is a part. */
const MAX_WHOLES = 16;

/** What one lockfile locks. */
export interface LoadedLockfile {
  readonly path: string;
  /** It holds for the processes that work there; without it, for all. */
  readonly place?: string;
  /** What names it, where that is not its name and place. */
  readonly namedBy?: string;
  readonly ecosystem: string;
  readonly entries: readonly LockedEntry[];
}

/** Lockfiles that are found as the processes show up whose they are. */
export interface LaterLockfiles {
  readonly onLoaded: (listener: (lockfile: LoadedLockfile) => void) => void;
  /** One may be found yet for what is asked for now. */
  readonly isLooking: () => boolean;
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
  /**
   * A lockfile of its ecosystem was loaded that is to account for what those fetch who asked; or one speaks of this very
   * version, whoever reads it: else a mirror would only have to call a file otherwise.
   */
  readonly isCovered: boolean;
  /** An entry accounts for it, or for what it is a part of. */
  readonly isNamed: boolean;
  /** Of each list one must be the artifact's. */
  readonly digests: readonly (readonly LockedDigest[])[];
}

interface Named {
  readonly by: LoadedLockfile;
  readonly entry: LockedEntry;
}

/** Who fetched an artifact: processes, undefined where one is not known; or anybody. */
export type Askers = readonly (Process | undefined)[] | 'anybody';

/** Finds what lockfiles say, by exact URL first, then by name and version. */
export class Expectations {
  /** All that are named. */
  readonly commits = new Set<string>();
  /** By file name, ecosystem by ecosystem: the entries that name their files. */
  readonly files = new Map<string, LockedEntry>();
  readonly #lockfiles: LoadedLockfile[] = [];
  readonly #byUrl = new Map<string, Named[]>();
  readonly #byName = new Map<string, Named[]>();
  readonly #knowledge: Pick<Knowledge, 'of'>;
  readonly #command: readonly string[];
  /** By process, of which there is one object for all its exchanges: many artifacts are asked about. */
  readonly #answers = new WeakMap<Process, Map<LoadedLockfile, boolean>>();

  /** @param command that of the run, for what was fetched by a process that is not known */
  constructor(
    lockfiles: readonly LoadedLockfile[],
    knowledge: Pick<Knowledge, 'of'>,
    command: readonly string[] = [],
  ) {
    this.#knowledge = knowledge;
    this.#command = command;
    for (const lockfile of lockfiles) this.add(lockfile);
  }

  add(lockfile: LoadedLockfile): void {
    const { ecosystem, entries } = lockfile;
    this.#lockfiles.push(lockfile);
    for (const entry of entries) {
      const named = { by: lockfile, entry };
      if (entry.url !== undefined) push(this.#byUrl, canonicalUrl(entry.url), named);
      if (entry.version !== null) push(this.#byName, keyOf(ecosystem, entry.name, entry.version), named);
      // A commit is the same commit wherever it comes from: a mirror, another URL of the repository.
      for (const { algorithm, value, fileName } of entry.expected) {
        if (fileName !== undefined) this.files.set(`${ecosystem}:${fileName}`, entry);
        if (algorithm !== 'gitCommit') continue;
        this.commits.add(value);
        push(this.#byName, `git:${value}`, named);
      }
    }
  }

  about(identity: Identity, urls: readonly string[], askers: Askers): LockStatement {
    const names = this.#namesOf(identity, urls);
    const byUrl = findNamed(this.#byUrl, urls.map(canonicalUrl), askers);
    const found = byUrl.length > 0 ? byUrl : findNamed(this.#byName, identity.keys, askers);
    if (names.length === 0) {
      if (found.length === 0) return this.#aboutUnfound(identity, askers);
      const asNamed = found.map((named) => digestsFor(named, identity));
      const isNamed = isAny(asNamed);
      return { isCovered: true, isNamed, digests: isNamed ? distinct(asNamed) : [] };
    }
    return this.#aboutCalled(identity, { names, byUrl, found, askers });
  }

  #aboutUnfound({ ecosystem, keys }: Identity, askers: Askers): LockStatement {
    const isCovered = this.#isToBeIn(ecosystem, askers) || this.#hasPublicVersion(keys, askers);
    const isNamed = isCovered && this.#isPartOfNamed(keys, askers, MAX_STEPS);
    return { isCovered, isNamed, digests: [] };
  }

  /** Of what was given names. */
  #aboutCalled(
    identity: Identity,
    {
      names,
      byUrl,
      found,
      askers,
    }: {
      names: readonly OtherName[];
      byUrl: readonly Named[];
      found: readonly Named[];
      askers: Askers;
    },
  ): LockStatement {
    const asNamed = found.map((named) => digestsFor(named, identity));
    // What the path of its URL says is compared; what the client was told that it is must be in the lockfile.
    const asCalled = names
      .filter(({ key }) => !identity.keys.includes(key))
      .map(({ key, fileName }) => {
        const named = [...byUrl, ...findNamed(this.#byName, [key], askers)].filter((one) =>
          isCalled(one, key),
        );
        return named.map((one) => digestsFor(one, { ...identity, fileName }));
      });
    const isCalledSo = names.some(({ key }) => identity.keys.includes(key));
    const isNamed = (!isCalledSo || isAny(asNamed)) && asCalled.every(isAny);
    const isCovered =
      found.length > 0 ||
      asCalled.some((lists) => lists.length > 0) ||
      this.#isToBeIn(identity.ecosystem, askers) ||
      this.#hasPublicVersion([...identity.keys, ...names.map(({ key }) => key)], askers);
    return {
      isCovered,
      isNamed,
      digests: isNamed ? distinct([...asNamed, ...asCalled.flat()]) : [],
    };
  }

  /** Other names that it was given, and those that its URLs have by metadata. */
  #namesOf({ otherNames = [] }: Identity, urls: readonly string[]): readonly OtherName[] {
    let names = otherNames;
    for (const url of urls) {
      const known = this.#knowledge.of(url);
      if (known !== undefined) names = [...names, ...known.names];
    }
    return names;
  }

  #isToBeIn(ecosystem: string, askers: Askers): boolean {
    return this.#lockfiles.some(
      (lockfile) => lockfile.ecosystem === ecosystem && this.#isToAccountFor(askers, lockfile),
    );
  }

  /** `1.0+x` is a build of 1.0: it is what clients may take where 1.0 was asked for. */
  #hasPublicVersion(keys: readonly string[], askers: Askers): boolean {
    if (!keys.some((key) => key.includes('+'))) return false;
    const builds = keys.filter((key) => key.includes('+')).map((key) => key.slice(0, key.indexOf('+')));
    return findNamed(this.#byName, builds, askers).length > 0;
  }

  /** Not one that none of those who asked reads. */
  #isToAccountFor(askers: Askers, lockfile: LoadedLockfile): boolean {
    if (askers === 'anybody') return true;
    return askers.some((asker) => holdsFor(lockfile.place, asker) && this.#accountsFor(lockfile, asker));
  }

  #accountsFor(lockfile: LoadedLockfile, asker: Process | undefined): boolean {
    if (asker === undefined) return accountsFor(lockfile, undefined, this.#command);
    const answers = this.#answers.get(asker) ?? new Map<LoadedLockfile, boolean>();
    this.#answers.set(asker, answers);
    const answer = answers.get(lockfile) ?? accountsFor(lockfile, asker, this.#command);
    answers.set(lockfile, answer);
    return answer;
  }

  #isPartOfNamed(keys: readonly string[], askers: Askers, steps: number): boolean {
    const wholes = keys
      .flatMap((key) => this.#knowledge.of(key)?.published ?? [])
      .flatMap(({ by }) => by ?? [])
      .slice(0, MAX_WHOLES);
    return (
      findNamed(this.#byName, wholes, askers).length > 0 ||
      (steps > 1 && wholes.length > 0 && this.#isPartOfNamed(wholes, askers, steps - 1))
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
function digestsFor(
  { by: { path }, entry }: Named,
  { ecosystem, fileName }: Identity,
): LockedDigest[][] | undefined {
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

function isCalled({ by: { ecosystem }, entry: { name, version } }: Named, key: string): boolean {
  return version !== null && keyOf(ecosystem, name, version) === key;
}

/** An entry may be found by its URL and by its name. */
function distinct(lists: readonly (LockedDigest[][] | undefined)[]): LockedDigest[][] {
  const [only = []] = lists;
  if (lists.length <= 1 && only.length <= 1) return only;
  const seen = new Map(lists.flatMap((list) => list ?? []).map((list) => [JSON.stringify(list), list]));
  return [...seen.values()];
}

function findNamed(
  map: ReadonlyMap<string, readonly Named[]>,
  keys: readonly string[],
  askers: Askers,
): readonly Named[] {
  let found: readonly Named[] = [];
  for (const key of keys) {
    const all = map.get(key);
    if (all === undefined) continue;
    const named = askers === 'anybody' ? all : all.filter(({ by }) => isFor(askers, by));
    found = found.length === 0 ? named : [...found, ...named];
  }
  return found;
}

function isFor(askers: Exclude<Askers, 'anybody'>, { place }: LoadedLockfile): boolean {
  return askers.some((asker) => holdsFor(place, asker));
}

/** An entry that names its files accounts for no other. */
function isAny(lists: readonly unknown[]): boolean {
  return lists.some((list) => list !== undefined);
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
