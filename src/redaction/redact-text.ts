import { redactUrl } from './redact-url.ts';
import { isHarmless, isSecretName, REDACTED } from './secret-names.ts';
import { redactShapes } from './secret-shapes.ts';

/** URLs within URLs are followed so far; what nests deeper is hidden when it could hold a secret. */
const MAX_DEPTH = 4;

/** Redacts free text: messages, header values, arguments. Linear in its length. */
export function redactText(text: string, depth = 0): string {
  if (text.length < 6) return text;
  if (depth > MAX_DEPTH) return /[=@:]/.test(text) ? REDACTED : redactShapes(text);
  let safe = text;
  if (safe.includes('-----BEGIN')) safe = redactKeys(safe);
  if (safe.includes('://')) safe = redactUrls(safe, depth);
  if (safe.includes('@')) safe = safe.replace(BARE_USERINFO, `${REDACTED}@`);
  safe = redactShapes(safe);
  safe = safe.replace(SCHEME_AND_CREDENTIALS, (all, start: string, credentials: string) =>
    isProse(credentials) || (/^[bn]/i.test(start) && /^\d{1,6}\.\d/.test(credentials))
      ? all
      : start + REDACTED,
  );
  return /[=:]/.test(safe) ? redactAssignments(safe) : safe;
}

function redactUrls(text: string, depth: number): string {
  return text.replace(/(?<![a-z])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"`]+/gi, (url, at: number) => {
    // An apostrophe may stand in a URL, but ends one that it encloses.
    const quote = text.charAt(at - 1) === "'" ? url.indexOf("'") : -1;
    const end = quote === -1 ? url.length : quote;
    return redactUrl(url.slice(0, end), (piece) => redactText(piece, depth + 1)) + url.slice(end);
  });
}

/** `user:password@host` where no scheme tells that it is a URL, as proxy variables have it. */
const BARE_USERINFO =
  /(?<![\w.+/-])[\w.+-]{1,128}:[^\s@/:"'=]{3,256}@(?=[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,24}|localhost)/gi;

const SCHEME_AND_CREDENTIALS =
  /(?<!\w)((?:basic|bearer|negotiate|ntlm|apikey|token(?=\s{1,8}[\w.~+/=-]{16}))(?:\s{1,8}|:))([\w.~+/=-]{8,})/gi;

/** "basic authentication" stays readable. */
function isProse(words: string): boolean {
  return !/\d|[=+/_~]|[a-z][A-Z]/.test(words);
}

function redactKeys(text: string): string {
  const start = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/.exec(text);
  if (start === null) return text;
  const end = text.indexOf('-----END', start.index);
  return text.slice(0, start.index) + REDACTED + (end === -1 ? '' : redactKeys(text.slice(end)));
}

/** `name=value`, `name: value` and `"name": "value"`; a name starts where no name character stands before it. */
const NAME = /(?<![\w.-])([\w.-]{1,128})(\\?["']?[ \t]{0,8}[=:](?!=)[ \t]{0,8})/g;
const QUOTED_VALUE = /"(?:[^"\\\n]|\\.)*|\\"[^"\\\n]*|'[^'\n]*/y;
const PLAIN_VALUE = /[^\s"'`&<>\\]+/y;
/** Values of these run to the end of their line. */
const WHOLE_LINE = /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?)$/i;
const LINE_VALUE = /[^\r\n"']+/y;

function redactAssignments(text: string): string {
  let result = '';
  let from = 0;
  NAME.lastIndex = 0;
  for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
    const [whole, name = '', separator = ''] = match;
    const start = match.index + whole.length;
    if (match.index < from || !isSecretName(name)) continue;
    const end = endOfValue(text, start, name);
    if (!isSecretValue(name, text.slice(start, end), separator)) continue;
    const quote = /^\\?["']/.exec(text.slice(start, start + 2))?.[0] ?? '';
    result += text.slice(from, start) + quote + REDACTED;
    from = end;
  }
  return result + text.slice(from);
}

/** Brackets open a value that is read further on, and in prose a colon mostly introduces an explanation. */
function isSecretValue(name: string, value: string, separator: string): boolean {
  if (/^[[{(]/.test(value) && value.length < 3) return false;
  if (value.length < (separator.trim() === ':' ? 6 : 1)) return false;
  return !isHarmless(name, value.replace(/^["']|["'.,;)}\]]{1,4}$/g, ''));
}

function endOfValue(text: string, start: number, name: string): number {
  for (const pattern of [QUOTED_VALUE, WHOLE_LINE.test(name) ? LINE_VALUE : PLAIN_VALUE]) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match !== null) return start + match[0].length;
  }
  return start;
}
