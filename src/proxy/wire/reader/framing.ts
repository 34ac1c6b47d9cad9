import { isDigits, isToken, trimBlanks } from './characters.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { Framing } from './message-head.ts';
import type { HeaderLines } from './header-lines.ts';
import type { OddityList } from './oddities.ts';
import type { RequestLine, StatusLine } from './start-line.ts';

const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'until-close' };
const SWITCHED: Framing = { kind: 'switched' };

/** How a request ends (RFC 9112 section 6.3, rules 3 to 7). */
export function frameRequest(
  line: RequestLine,
  headers: HeaderLines,
  oddities: OddityList,
): Framing | UnparsedReason {
  const framing = frameByHeaders(line.version, headers, oddities);
  if (typeof framing === 'string') return framing;
  if (framing.kind === 'until-close') return unparsedReasons.notChunkedRequest;
  if (line.method === 'CONNECT' && hasBody(framing)) return unparsedReasons.bodyOfConnect;
  return framing;
}

/** How a response to a request of that method ends (RFC 9112 section 6.3). */
export function frameResponse(
  { line, method }: { line: StatusLine; method: string },
  headers: HeaderLines,
  oddities: OddityList,
): Framing | UnparsedReason {
  const { status } = line;
  if (status === 101 || (method === 'CONNECT' && isSuccess(status))) return SWITCHED;
  const framing = frameByHeaders(line.version, headers, oddities);
  if (status < 200 || method === 'HEAD' || status === 304) {
    if (typeof framing === 'string') oddities.add('unused-framing');
    return NONE;
  }
  if (status === 204) return frame204(framing);
  if (typeof framing === 'string') return framing;
  return framing.kind === 'none' ? UNTIL_CLOSE : framing;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Node reads the body that the headers of a 204 declare, other clients do not. */
function frame204(framing: Framing | UnparsedReason): Framing | UnparsedReason {
  const isBodiless = typeof framing !== 'string' && !hasBody(framing);
  return isBodiless ? NONE : unparsedReasons.bodyOf204;
}

function hasBody(framing: Framing): boolean {
  return framing.kind !== 'none' && !(framing.kind === 'length' && framing.length === 0);
}

/** What the headers alone say: `none` where they say nothing, `until-close` where the last coding is not chunked. */
function frameByHeaders(
  version: string,
  headers: HeaderLines,
  oddities: OddityList,
): Framing | UnparsedReason {
  const { contentLengths, transferEncodings } = headers;
  if (transferEncodings === undefined) {
    return contentLengths === undefined ? NONE : frameByLength(contentLengths, oddities);
  }
  if (contentLengths !== undefined) return unparsedReasons.bothFramings;
  if (version === '1.0') return unparsedReasons.codingInHttp10;
  return transferEncodings.length === 1
    ? frameByCodings(transferEncodings[0] ?? '')
    : unparsedReasons.oddCoding;
}

function frameByLength(values: readonly string[], oddities: OddityList): Framing | UnparsedReason {
  const length = parseLength(values[0] ?? '');
  if (typeof length === 'string') return length;
  for (let index = 1; index < values.length; index++) {
    const other = parseLength(values[index] ?? '');
    if (typeof other === 'string') return other;
    if (other !== length) return unparsedReasons.differingLengths;
    oddities.add('same-content-length-twice');
  }
  return { kind: 'length', length };
}

function parseLength(value: string): number | UnparsedReason {
  if (!isDigits(value)) return unparsedReasons.oddLength;
  const length = Number(value);
  return Number.isSafeInteger(length) ? length : unparsedReasons.lengthTooLarge;
}

/** Codings are tokens with commas between them; `chunked` may only be the last one, once, and no part of another. */
function frameByCodings(value: string): Framing | UnparsedReason {
  const lower = value.toLowerCase();
  if (lower === 'chunked') return CHUNKED;
  const codings = lower.split(',').map(trimBlanks);
  if (!codings.every(isToken)) return unparsedReasons.oddCoding;
  const isChunked = codings.at(-1) === 'chunked';
  const others = isChunked ? codings.slice(0, -1) : codings;
  if (others.some((coding) => coding.includes('chunked'))) return unparsedReasons.oddCoding;
  return isChunked ? CHUNKED : UNTIL_CLOSE;
}
