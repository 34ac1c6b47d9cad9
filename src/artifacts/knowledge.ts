import type { Learned, Lesson } from './recogniser.ts';
import { canonicalUrl } from './url-view.ts';

/** Hostile metadata may name any number of things, of 1.4 KB each in memory; what comes after that many is not kept. */
const MAX_KEYS = 250_000;
const MAX_PUBLISHED = 64;

/** What the metadata of this run has taught, by absolute URL and by key of an identity. */
export class Knowledge {
  readonly #lessons = new Map<string, { identity: Learned['identity']; published: Learned['published'] }>();

  /** False where it is not kept. What is kept stays: letting go of it could turn a mismatch into nothing. */
  learn({ key: given, identity, published = [] }: Lesson): boolean {
    const key = canonicalUrl(given);
    const known = this.#lessons.get(key);
    if (known === undefined) {
      if (this.#lessons.size >= MAX_KEYS) return false;
      this.#lessons.set(key, { identity, published });
      return true;
    }
    known.identity = identity ?? known.identity;
    const isNew = published.filter(
      ({ algorithm, value, from }) =>
        !known.published.some(
          (old) => old.algorithm === algorithm && old.value === value && old.from === from,
        ),
    );
    if (isNew.length > 0) known.published = [...known.published, ...isNew].slice(0, MAX_PUBLISHED);
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
      published: all.flatMap(({ published }) => published),
    };
  }
}
