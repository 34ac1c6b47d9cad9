import { METHODS } from 'node:http';

export type FirstBytes = 'tls' | 'http' | 'connect' | 'socks5' | 'other';

const TLS_HANDSHAKE = 0x16;
const HTTP2_PREFACE = 'PRI * HTTP/2.0';
const METHOD_STARTS = [...METHODS.map((method) => `${method} `), HTTP2_PREFACE];

/** What a client speaks, by its first bytes. A prefix of a method counts as HTTP: the engine waits for the rest. */
export function classifyFirstBytes(bytes: Buffer): FirstBytes {
  if (bytes[0] === TLS_HANDSHAKE) return 'tls';
  if (bytes[0] === 5) return 'socks5';
  const text = bytes.toString('latin1', 0, 24);
  if (text.startsWith('CONNECT '.slice(0, text.length))) return 'connect';
  return METHOD_STARTS.some((start) => text.startsWith(start.slice(0, text.length))) ? 'http' : 'other';
}

/** A name for a protocol that is tunnelled unread, for the report; undefined when the bytes say nothing. */
export function nameProtocol(bytes: Buffer): string | undefined {
  if (bytes[0] === TLS_HANDSHAKE) return 'tls';
  const text = bytes.toString('latin1', 0, 16);
  if (text.startsWith('SSH-')) return 'ssh';
  if (/^(?:EHLO|HELO) /i.test(text)) return 'smtp';
  if (/^[0-9a-f]{4}git-/.test(text)) return 'git';
  return undefined;
}
