/** A URL taken apart for recognisers. */
export interface UrlView {
  /** Absolute, without fragment. */
  readonly href: string;
  readonly origin: string;
  readonly host: string;
  /** Still percent-encoded. */
  readonly rawPath: string;
  /** Percent-decoded; as it came where that is not possible. */
  readonly path: string;
  /** The last segment of `path`. */
  readonly fileName: string;
  readonly query: URLSearchParams;
}

/** Undefined for what is no absolute URL. */
export function viewUrl(text: string, base?: string): UrlView | undefined {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  // Each of these makes the URL anew.
  if (url.hash !== '') url.hash = '';
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  return new TakenApart(url);
}

/** Every exchange has one: an object literal with a getter would cost four times as much. */
class TakenApart implements UrlView {
  readonly href: string;
  readonly rawPath: string;
  readonly path: string;
  readonly fileName: string;
  readonly #url: URL;

  constructor(url: URL) {
    this.#url = url;
    this.href = url.href;
    this.rawPath = url.pathname;
    this.path = decodePath(this.rawPath);
    this.fileName = this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  get origin(): string {
    return this.#url.origin;
  }

  get host(): string {
    return this.#url.host;
  }

  get query(): URLSearchParams {
    return this.#url.searchParams;
  }
}

export function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export function withoutQuery(href: string): string {
  const at = href.indexOf('?');
  return at < 0 ? href : href.slice(0, at);
}

/** Equal for equal URLs: clients escape paths anew, `+` as `%2B`. What would end a path stays escaped. */
export function canonicalUrl(href: string): string {
  if (!href.includes('%')) return href;
  const path = withoutQuery(href);
  return path.replace(/(?:%(?!3f|23|25)[0-9a-f]{2})+/gi, decodePath) + href.slice(path.length);
}
