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
  const path = decodePath(url.pathname);
  return {
    href: url.href,
    origin: url.origin,
    host: url.host,
    rawPath: url.pathname,
    path,
    fileName: path.slice(path.lastIndexOf('/') + 1),
    get query() {
      return url.searchParams;
    },
  };
}

export function decodePath(path: string): string {
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
