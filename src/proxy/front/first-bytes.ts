import { METHODS } from 'node:http';

/**
 * What a client speaks, by what it said first. `undecided` is what begins as a
 * request of a method that is not registered, and has no whole request line yet.
 */
export type FirstBytes = 'tls' | 'http' | 'http2' | 'undecided' | 'socks5' | 'other';

const TLS_HANDSHAKE = 0x16;
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const METHOD_STARTS = METHODS.map((method) => `${method} `);
/** RFC 9110, 5.6.2: any token is a method. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}(?: |$)/;
const REQUEST_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64} [^\r\n]* HTTP\/\d\.\d\r?$/;
const MAX_REQUEST_LINE = 64 * 1024;

/** Classifies what came first; a beginning of a registered method counts as HTTP. */
export function classifyFirstBytes(bytes: Buffer): FirstBytes {
  if (bytes[0] === TLS_HANDSHAKE) return 'tls';
  if (bytes[0] === 5) return 'socks5';
  const text = bytes.toString('latin1', 0, MAX_REQUEST_LINE).replace(/^(?:\r?\n)+/, '');
  if (text === '') return 'undecided';
  if (text.startsWith(HTTP2_PREFACE.slice(0, text.length)) && text.startsWith('PRI * HTTP/2')) return 'http2';
  if (METHOD_STARTS.some((start) => text.startsWith(start.slice(0, text.length)))) return 'http';
  const end = text.indexOf('\n');
  if (end >= 0) return REQUEST_LINE.test(text.slice(0, end)) ? 'http' : 'other';
  return TOKEN.test(text) && !/[\x00-\x08\x0b-\x1f]/.test(text.replace(/\r$/, '')) ? 'undecided' : 'other';
}

/** A name for a protocol that passes unread, for the report; undefined when the bytes say nothing. */
export function nameProtocol(bytes: Buffer): string | undefined {
  if (bytes[0] === TLS_HANDSHAKE) return 'tls';
  const text = bytes.toString('latin1', 0, 16);
  if (text.startsWith('SSH-')) return 'ssh';
  if (/^(?:EHLO|HELO) /i.test(text)) return 'smtp';
  if (/^[0-9a-f]{4}git-/.test(text)) return 'git';
  return undefined;
}
