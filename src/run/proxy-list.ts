import { compareText } from '../support/compare.ts';

const MAX_PROXIES = 20;
const MAX_URL = 2_048;

/** Distinct upstream proxies. */
export class ProxyList {
  readonly #urls = new Set<string>();

  add(url: string | undefined): void {
    if (url !== undefined && this.#urls.size < MAX_PROXIES) this.#urls.add(url.slice(0, MAX_URL));
  }

  list(): string[] {
    return [...this.#urls].sort(compareText);
  }
}
