import { parseAuthority } from './authority.ts';
import type { Destination } from '../types.ts';

/** A head longer than this is refused with 431. */
const MAX_CONNECT_HEAD = 64 * 1024;

export type ConnectParse =
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid'; readonly status: 400 | 431; readonly reason: string }
  | { readonly state: 'complete'; readonly destination: Destination; readonly length: number };

/** Parses the head of `CONNECT host:port HTTP/1.x`. `length` is where the tunnelled bytes begin. */
export function parseConnect(bytes: Buffer): ConnectParse {
  const { end, length } = findHeadEnd(bytes);
  if (end < 0) {
    return bytes.length > MAX_CONNECT_HEAD
      ? {
          state: 'invalid',
          status: 431,
          reason: `the head of a CONNECT request is longer than ${MAX_CONNECT_HEAD} bytes`,
        }
      : { state: 'incomplete' };
  }
  const requestLine = bytes.toString('utf8', 0, end).split(/\r?\n/, 1)[0] ?? '';
  const match = /^CONNECT (\S+) HTTP\/1\.[01]$/.exec(requestLine);
  const destination = match?.[1] === undefined ? undefined : parseAuthority(match[1]);
  if (destination === undefined) {
    return { state: 'invalid', status: 400, reason: 'expected "CONNECT host:port HTTP/1.1"' };
  }
  return { state: 'complete', destination, length };
}

function findHeadEnd(bytes: Buffer): { end: number; length: number } {
  const strict = bytes.indexOf('\r\n\r\n');
  const lenient = bytes.indexOf('\n\n');
  if (strict >= 0 && (lenient < 0 || strict < lenient)) return { end: strict, length: strict + 4 };
  return { end: lenient, length: lenient + 2 };
}
