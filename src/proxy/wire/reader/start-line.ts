import { CR, isControlCode, isTokenCode, isVisibleAscii, SPACE } from './characters.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { OddityList } from './oddities.ts';

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: string;
}

export interface StatusLine {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
}

/** Parses `method SP target SP HTTP/1.x`, with single spaces: readers that take other blanks split them differently. */
export function parseRequestLine(line: string, oddities: OddityList): RequestLine | UnparsedReason {
  const methodEnd = endOfMethod(line);
  if (methodEnd <= 0 || line.charCodeAt(methodEnd) !== SPACE) return unparsedReasons.notARequest;
  const targetEnd = endOfTarget(line, methodEnd + 1, oddities);
  if (targetEnd === methodEnd + 1 || line.charCodeAt(targetEnd) !== SPACE) return unparsedReasons.notARequest;
  const version = parseVersion(line, targetEnd + 1, oddities);
  if (version === undefined) return unparsedReasons.notARequest;
  if (line.length !== targetEnd + 9) return unparsedReasons.notARequest;
  if (version === '') return unparsedReasons.version;
  return { method: line.slice(0, methodEnd), target: line.slice(methodEnd + 1, targetEnd), version };
}

function endOfMethod(line: string): number {
  let at = 0;
  while (at < line.length && isTokenCode(line.charCodeAt(at))) at++;
  return at;
}

function endOfTarget(line: string, from: number, oddities: OddityList): number {
  let at = from;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (isVisibleAscii(code)) continue;
    if (code < 128) break;
    oddities.add('non-ascii-target');
  }
  return at;
}

/** Parses `HTTP/1.x SP three digits [SP reason]`. A reason may be missing, with or without its space. */
export function parseStatusLine(line: string, oddities: OddityList): StatusLine | UnparsedReason {
  const version = parseVersion(line, 0, oddities);
  if (version === undefined || line.charCodeAt(8) !== SPACE) return unparsedReasons.notAResponse;
  if (version === '') return unparsedReasons.version;
  const status = parseStatus(line);
  if (status < 100 || (line.length > 12 && line.charCodeAt(12) !== SPACE))
    return unparsedReasons.notAResponse;
  const fault = checkReason(line, oddities);
  return fault ?? { status, reason: line.slice(13), version };
}

/** -1 where the three characters are not digits. */
function parseStatus(line: string): number {
  let status = 0;
  for (let at = 9; at < 12; at++) {
    const digit = line.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    status = status * 10 + digit;
  }
  return status;
}

function checkReason(line: string, oddities: OddityList): UnparsedReason | undefined {
  for (let at = 13; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (!isControlCode(code)) continue;
    if (code === 0) return unparsedReasons.nul;
    if (code === CR) return unparsedReasons.bareCr;
    oddities.add('control-character');
  }
  return undefined;
}

/** `1.x` of the eight characters at `from`; empty where it is another version, undefined where they are none. */
function parseVersion(line: string, from: number, oddities: OddityList): string | undefined {
  if (!line.startsWith('HTTP/', from)) return undefined;
  const major = line.charCodeAt(from + 5) - 48;
  const minor = line.charCodeAt(from + 7) - 48;
  if (!(major >= 0 && major <= 9 && minor >= 0 && minor <= 9 && line[from + 6] === '.')) return undefined;
  if (major !== 1) return '';
  if (minor === 1) return '1.1';
  if (minor === 0) return '1.0';
  oddities.add('unknown-minor-version');
  return line.slice(from + 5, from + 8);
}
