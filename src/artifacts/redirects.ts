import { withoutQuery } from './url-view.ts';

const MAX_REDIRECTS = 100_000;
const MAX_CHAIN = 20;
/** Of redirects to one path with other queries: as many are compared with a query that was written anew. */
const MAX_ALIKE = 16;

/** The URLs before one, first asked first, and their exchanges. */
export interface Chain {
  readonly urls: readonly string[];
  readonly exchangeIds: readonly string[];
  /** How many redirects led on from there that nobody has followed yet. */
  readonly due: number;
}

interface Known extends Chain {
  readonly to: string;
  due: number;
}

const none: Chain = { urls: [], exchangeIds: [], due: 0 };

/** Which URL a redirect led on from, so that an opaque signed URL is known by what was asked for. */
export class Redirects {
  readonly #chains = new Map<string, Known>();
  /** Those with a query, by their URL without it. */
  readonly #alike = new Map<string, Known[]>();

  /** @param to absolute */
  remember(from: string, to: string, exchangeId: string): void {
    const before = this.leadingTo(from);
    if (this.#chains.size >= MAX_REDIRECTS || before.urls.length >= MAX_CHAIN) return;
    const chain = {
      to,
      urls: [...before.urls, from],
      exchangeIds: [...before.exchangeIds, exchangeId],
      due: (this.#chains.get(to)?.due ?? 0) + 1,
    };
    this.#chains.set(to, chain);
    const bare = withoutQuery(to);
    if (bare === to) return;
    const others = (this.#alike.get(bare) ?? []).filter((known) => known.to !== to);
    this.#alike.set(bare, [...others, chain].slice(-MAX_ALIKE));
  }

  leadingTo(url: string): Chain {
    return this.#find(url) ?? none;
  }

  /** A redirect to the URL was followed to its end. Returns what had led to it before that. */
  follow(url: string): Chain {
    const known = this.#find(url);
    if (known === undefined) return none;
    const { urls, exchangeIds, due } = known;
    if (due > 0) known.due -= 1;
    return { urls, exchangeIds, due };
  }

  /** Clients write a query anew at times, and add to it; another value of it is another file. */
  #find(url: string): Known | undefined {
    const exact = this.#chains.get(url);
    if (exact !== undefined || !url.includes('?')) return exact;
    const alike = this.#alike.get(withoutQuery(url));
    if (alike === undefined) return undefined;
    const asked = queryOf(url);
    return alike.findLast(({ to }) => [...queryOf(to)].every(([name, value]) => asked.get(name) === value));
  }
}

function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.slice(withoutQuery(url).length));
}
