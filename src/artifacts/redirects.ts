import { withoutQuery } from './url-view.ts';

const MAX_REDIRECTS = 100_000;
const MAX_CHAIN = 20;

/** Which URL a redirect led on from, so that an opaque signed URL is known by what was asked for. */
export class Redirects {
  readonly #chains = new Map<
    string,
    { readonly urls: readonly string[]; readonly exchangeIds: readonly string[] }
  >();

  /** @param to absolute */
  remember(from: string, to: string, exchangeId: string): void {
    const before = this.leadingTo(from);
    if (this.#chains.size >= MAX_REDIRECTS || before.urls.length >= MAX_CHAIN) return;
    const chain = {
      urls: [...before.urls, from],
      exchangeIds: [...before.exchangeIds, exchangeId],
    };
    this.#chains.set(to, chain);
    // Clients write a query anew at times; a signed path is unique without it.
    const bare = withoutQuery(to);
    if (bare !== to && !this.#chains.has(bare)) this.#chains.set(bare, chain);
  }

  /** The URLs before this one, first asked first, and their exchanges. */
  leadingTo(url: string): { readonly urls: readonly string[]; readonly exchangeIds: readonly string[] } {
    return this.#chains.get(url) ?? this.#chains.get(withoutQuery(url)) ?? { urls: [], exchangeIds: [] };
  }
}
