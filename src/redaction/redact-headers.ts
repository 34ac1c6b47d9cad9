import { isSecretHeader, REDACTED } from './secret-names.ts';

/** `none`: no header; `safe`: the allow-list; `all`: every header, secret ones with their value replaced. */
export type HeaderLevel = 'none' | 'safe' | 'all';

export interface HeaderRules {
  readonly level: HeaderLevel;
  readonly redactUrl: (url: string) => string;
  readonly redactText: (text: string) => string;
}

/** What tells artifacts, caching, transfer and errors apart, and carries no credentials by its definition. */
const SAFE = new Set(
  [
    'accept accept-encoding accept-language accept-ranges age allow alt-svc cache-control connection',
    'content-disposition content-encoding content-language content-length content-location content-md5 content-range',
    'content-type content-digest date digest etag expect expires host if-match if-modified-since if-none-match',
    'if-range if-unmodified-since keep-alive last-modified link location origin pragma proxy-authenticate',
    'range referer repr-digest retry-after sec-websocket-version server te trailer transfer-encoding upgrade',
    'user-agent vary via want-content-digest want-repr-digest warning www-authenticate',
    // Registries and object stores: what they say about digests and clients.
    'docker-content-digest docker-distribution-api-version git-protocol grpc-encoding grpc-message grpc-status',
    'npm-command npm-in-ci npm-notice pacote-integrity pacote-pkg-id pacote-req-type pacote-version',
    'x-amz-checksum-crc32 x-amz-checksum-sha1 x-amz-checksum-sha256 x-amz-version-id x-cache x-checksum-md5',
    'x-checksum-sha1 x-checksum-sha256 x-checksum-sha512 x-goog-generation x-goog-hash x-linked-etag x-linked-size',
    'x-pypi-file-python-version x-pypi-file-sha256 x-pypi-file-version x-pypi-last-serial x-repo-commit x-request-id',
  ].flatMap((names) => names.split(' ')),
);

const URL_VALUED = new Set(['content-location', 'location', 'origin', 'referer']);
const MAX_HEADERS = 100;

/** Picks and redacts headers from a flat list; repeated ones are joined by a comma and a space, in their order. */
export function selectHeaders(raw: readonly string[], rules: HeaderRules): Record<string, string> {
  const selected: Record<string, string> = {};
  if (rules.level === 'none') return selected;
  let count = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (!isWanted(name, rules.level)) continue;
    const before = Object.hasOwn(selected, name) ? selected[name] : undefined;
    if (before === undefined && count >= MAX_HEADERS) continue;
    const value = redactHeader(name, raw[index + 1] ?? '', rules);
    if (before === undefined) count += 1;
    selected[name] = before === undefined ? value : joinWithin(before, value);
  }
  return selected;
}

function isWanted(name: string, level: HeaderLevel): boolean {
  return (
    SAFE.has(name) || (level === 'all' && /^[\w!#$%&'*+.^`|~-]{1,256}$/.test(name) && name !== '__proto__')
  );
}

function redactHeader(name: string, value: string, rules: HeaderRules): string {
  if (!SAFE.has(name) && isSecretHeader(name)) return REDACTED;
  // Browsers' clients of Kubernetes have no other header to put their token in.
  if (name === 'sec-websocket-protocol' && /bearer|auth|token/i.test(value)) return REDACTED;
  if (URL_VALUED.has(name)) return rules.redactUrl(value);
  if (name !== 'link') return rules.redactText(value);
  return rules.redactText(value.replace(/<([^<>]*)>/g, (_, url: string) => `<${rules.redactUrl(url)}>`));
}

const MAX_VALUE = 16_384;

/** A header repeated without end must not fill the journal. */
function joinWithin(before: string, value: string): string {
  return before.length > MAX_VALUE ? before : `${before}, ${value}`;
}
