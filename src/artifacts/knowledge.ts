import { contradictions } from './contradictions.ts';
import type { Identity, Learned, Lesson, OtherName, Published } from './recogniser.ts';
import { canonicalUrl } from './url-view.ts';

/** Hostile metadata may name any number of things, of 1.4 KB each in memory; what comes after that many is not kept. */
const MAX_KEYS = 250_000;
const MAX_PUBLISHED = 64;
const MAX_NAMES = 16;

interface Known {
  identity: Learned['identity'];
  names: readonly OtherName[];
  published: readonly Published[];
}

/** What the metadata of this run has taught, by absolute URL and by key of an identity. */
export class Knowledge {
  readonly #lessons = new Map<string, Known>();
  /** Grows with everything that is learned. */
  revision = 0;

  /** False where it is not kept. What is kept stays: letting go of it could turn a mismatch into nothing. */
  learn({ key: given, identity, published = [] }: Lesson): boolean {
    const key = canonicalUrl(given);
    const known = this.#lessons.get(key);
    if (known === undefined && this.#lessons.size >= MAX_KEYS) return false;
    this.revision += 1;
    if (known === undefined) {
      this.#lessons.set(key, { identity, names: namesOf(identity), published: contradictions(published) });
      return true;
    }
    known.identity = identity ?? known.identity;
    known.names = joinNames(known.names, namesOf(identity));
    const isNew = published.filter(
      ({ algorithm, value, from }) =>
        !known.published.some(
          (old) => old.algorithm === algorithm && old.value === value && old.from === from,
        ),
    );
    if (isNew.length > 0)
      known.published = contradictions([...known.published, ...isNew].slice(0, MAX_PUBLISHED));
    return true;
  }

  of(key: string): Learned | undefined {
    return this.#lessons.get(canonicalUrl(key));
  }

  /** What is known of the URLs of one chain of redirects, together. */
  ofAny(urls: readonly string[]): Learned | undefined {
    const all = urls.map((url) => this.of(url)).filter((learned) => learned !== undefined);
    if (all.length === 0) return undefined;
    return {
      identity: all.find(({ identity }) => identity !== undefined)?.identity,
      names: all.flatMap(({ names }) => names),
      published: all.flatMap(({ published }) => published),
    };
  }
}

function namesOf(identity: Pick<Identity, 'keys' | 'fileName'> | undefined): OtherName[] {
  const [key] = identity?.keys ?? [];
  return identity === undefined || key === undefined ? [] : [{ key, fileName: identity.fileName }];
}

function joinNames(known: readonly OtherName[], more: readonly OtherName[]): readonly OtherName[] {
  const isNew = more.filter(
    ({ key, fileName }) => !known.some((one) => one.key === key && one.fileName === fileName),
  );
  return isNew.length === 0 ? known : [...known, ...isNew].slice(0, MAX_NAMES);
}
