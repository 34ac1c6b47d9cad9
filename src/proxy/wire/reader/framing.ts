import { isDigits, isToken, trimBlanks } from './characters.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { Framing } from './message-head.ts';
import type { HeaderLines } from './header-lines.ts';
import type { OddityList } from './oddities.ts';
import type { RequestLine, StatusLine } from './start-line.ts';

const NONE: Framing = { kind: 'none' };
const EMPTY: Framing = { kind: 'length', length: 0 };
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
  if (line.method === 'CONNECT' && framing !== NONE && framing !== EMPTY)
    return unparsedReasons.bodyOfConnect;
  return framing;
}

/** How a response to a request of that method ends (RFC 9112 section 6.3). */
export function frameResponse(
  { line, method }: { line: StatusLine; method: string },
  headers: HeaderLines,
  oddities: OddityList,
): Framing | UnparsedReason {
  const { status } = line;
  if (isSwitch(method, status)) return SWITCHED;
  const framing = frameByHeaders(line.version, headers, oddities);
  if (status === 204 || status < 200) {
    // A body that is sent in spite of RFC 9112 section 6.1 is read by http.client of Python, by others not.
    if (headers.transferEncodings !== undefined) return unparsedReasons.codingWithoutBody;
    if (framing !== NONE && framing !== EMPTY) oddities.add('unused-framing');
    return NONE;
  }
  if (method === 'HEAD' || status === 304) {
    if (typeof framing === 'string') oddities.add('unused-framing');
    return NONE;
  }
  return framing === NONE ? UNTIL_CLOSE : framing;
}

/** A 101, or a 2xx to CONNECT. */
function isSwitch(method: string, status: number): boolean {
  return status === 101 || (method === 'CONNECT' && status >= 200 && status < 300);
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
  return length === 0 ? EMPTY : { kind: 'length', length };
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
