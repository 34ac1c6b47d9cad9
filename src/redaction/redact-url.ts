import { decodePercent, encodePercent } from './percent-encoding.ts';
import { isHarmless, isSecretParameter, REDACTED } from './secret-names.ts';
import { redactShapes } from './secret-shapes.ts';

/** Redacts a decoded piece of a URL, which may hold anything, another URL too. */
export type RedactPiece = (piece: string) => string;

/**
 * Redacts a URL or a URL reference: userinfo, secret-looking parameters, signatures, webhook paths and tokens, plain
 * or percent-encoded. What is no secret stays as it was, byte for byte.
 */
export function redactUrl(url: string, redactPiece: RedactPiece): string {
  const safe = redactUserinfo(redactShapes(url));
  const [beforeFragment, fragment] = cutAt(safe, '#');
  const [address, query] = cutAt(beforeFragment, '?');
  return (
    redactPath(address, redactPiece) +
    (query === undefined ? '' : `?${redactParameters(query, redactPiece)}`) +
    (fragment === undefined ? '' : `#${redactParameters(fragment, redactPiece)}`)
  );
}

function cutAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Browsers and WHATWG parsers take backslashes for slashes. */
const AUTHORITY_START = /^(?:[a-z][a-z0-9+.-]*:)?[\\/]{2}/i;

function redactUserinfo(url: string): string {
  if (!url.includes('@')) return url;
  const start = AUTHORITY_START.exec(url)?.[0].length ?? 0;
  const length = url.slice(start).search(/[\\/?#]/);
  const end = length === -1 ? url.length : start + length;
  const authority = url.slice(start, end);
  const at = authority.lastIndexOf('@');
  if (at > 0) {
    const isPlain = authority.startsWith('git@') || (start === 0 && !authority.slice(0, at).includes(':'));
    return isPlain ? url : `${url.slice(0, start)}${REDACTED}${url.slice(start + at)}`;
  }
  // A password with a raw slash or question mark in it: what stands for a port is not one.
  if (start === 0 || !/^[^[\]@:]*:\d*[^\]@\d]/.test(authority)) return url;
  return `${url.slice(0, start)}${REDACTED}${url.slice(url.lastIndexOf('@'))}`;
}

const PATH_HINT =
  /hook|\/bot\d|\/t\/|\/priv\/|\/(?:services|workflows|triggers)\/T|=|(?:tokens?|keys?|secrets?|auth)\//i;
/** /webhooks/ID/secret, /hooks/secret/secret, /webhookb2/UUID@UUID/IncomingWebhook/secret/UUID, /hooks/catch/ID/secret. */
const WEBHOOK =
  /(\/(?:incoming-?)?(?:web-?)?hooks?(?:b2)?\/(?:catch\/)?(?:(?:v?\d{1,32}|incomingwebhook|[\da-f-]{36}(?:@[\da-f-]{36})?)\/){0,4})([\w-]{6,512}(?:\/[\w-]{16,512}){0,4})(?![\w.-])/gi;

function redactPath(address: string, redactPiece: RedactPiece): string {
  if (address.includes('%')) {
    const decoded = decodePercent(address);
    const redacted = redactPlainPath(decoded, redactPiece);
    if (redacted !== decoded) return encodePercent(redacted);
  }
  return redactPlainPath(address, redactPiece);
}

function redactPlainPath(path: string, redactPiece: RedactPiece): string {
  if (!PATH_HINT.test(path)) return path;
  return path
    .replace(
      /(\/(?:services|workflows|triggers)\/T(?=[A-Z]{0,16}\d)[A-Z0-9]{5,16}\/)[\w/-]+/g,
      `$1${REDACTED}`,
    )
    .replace(
      WEBHOOK,
      (_, prefix: string, rest: string) => prefix + redactHook(rest, prefix.includes('/catch/')),
    )
    .replace(/\/bot(\d{1,20}):[\w-]{8,}/g, `/bot$1:${REDACTED}`)
    .replace(/(\/t\/)[a-z]{2}-[\w-]{20,}/g, `$1${REDACTED}`)
    .replace(
      /(\/(?:access[-_]?tokens?|tokens?|api[-_]?keys?|keys?|secrets?|auth|priv)\/)([\w-]{16,})(?=\/|$)/gi,
      (all, prefix: string, value: string) => (isHex(value) || !looksRandom(value) ? all : prefix + REDACTED),
    )
    .replace(/(?<![^/;])([^/;=]{1,128})=([^/;]*)/g, (_, name: string, value: string) =>
      redactParameter(name, value, redactPiece),
    );
}

/** `catch` hooks have short secrets; others are told from names and numbers. */
function redactHook(segments: string, isSecret: boolean): string {
  const [first = ''] = segments.split('/', 1);
  if (/^\d+$/.test(first) || (!isSecret && first.length < 16)) return segments;
  return segments.replace(/[^/]+/g, (segment) => (isSecret || looksRandom(segment) ? REDACTED : segment));
}

/** Digests, commits and fingerprints of keys. */
function isHex(text: string): boolean {
  return /^[0-9a-f]+$/i.test(text);
}

/** What no name of words and versions (`helper-linux-amd64-v2`) is: one long piece, or letters and digits mixed. */
function looksRandom(text: string): boolean {
  if (text.length < 16) return false;
  const pieces = text.match(/[A-Za-z0-9]{16,}/g) ?? [];
  if (pieces.some((piece) => piece.length >= 24 || /[0-9]|[a-z][A-Z]/.test(piece))) return true;
  const changes = text.match(/[a-z][A-Z0-9]|[0-9][A-Za-z]|[A-Z][0-9]/g)?.length ?? 0;
  return changes >= 3;
}

/** Parameters of a shared access signature, which mean little without `sig` beside them. */
const SHARED_ACCESS = /^(?:se|sig|sip|ske|skoid|sks|skt|sktid|skv|sp|spr|sr|srt|ss|st|sv)$/i;

function redactParameters(query: string, redactPiece: RedactPiece): string {
  const isSharedAccess = /(?:^|[&;])sig=/i.test(query);
  return query.replace(/([^&;?=]*)=([^&;?]*)|[^&;?]+/g, (pair, name: string | undefined, value: string) => {
    if (name === undefined) return redactValue(pair, redactPiece);
    if (isSharedAccess && SHARED_ACCESS.test(name)) return `${name}=${REDACTED}`;
    return redactParameter(name, value, redactPiece);
  });
}

function redactParameter(name: string, value: string, redactPiece: RedactPiece): string {
  if (value === '') return `${name}=`;
  const plainName = name.includes('%') ? decodePercent(name) : name;
  const isSecret = isSecretParameter(plainName) && !isHarmless(plainName, value);
  return `${redactValue(name, redactPiece)}=${isSecret ? REDACTED : redactValue(value, redactPiece)}`;
}

function redactValue(value: string, redactPiece: RedactPiece): string {
  if (value.length < 8) return value;
  const decoded = decodePercent(value).replaceAll('+', ' ');
  const redacted = decoded === value ? value : redactPiece(decoded);
  return redacted === decoded ? redactPiece(value) : encodePercent(redacted);
}
