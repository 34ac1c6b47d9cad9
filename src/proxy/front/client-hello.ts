import type { Duplex } from 'node:stream';
import { canonicalHost } from '../../support/host-name.ts';
import { normalizeHost } from '../authority.ts';
import { readUntil } from '../peek.ts';

export interface ClientHello {
  /** The server name, where it is one that can be sent on. */
  readonly sni: string | undefined;
  /** The same in its one spelling, whatever it is made of: what the client claimed. */
  readonly claimedName: string | undefined;
  readonly alpn: readonly string[];
}

export type HelloParse =
  | { readonly state: 'incomplete' }
  /** `length` 0: nothing of it is used up. */
  | { readonly state: 'complete'; readonly hello: ClientHello; readonly length: 0 };

const HELLO_TIMEOUT_MS = 30_000;
const SERVER_NAME = /^[a-z0-9._-]{1,255}$/;
/** OpenSSL takes none that is longer. */
const MAX_HELLO_BYTES = 131_396;
const noNames: ClientHello = { sni: undefined, claimedName: undefined, alpn: [] };

/**
 * Reads a ClientHello and puts its bytes back. A hello that cannot be parsed gives no names: the TLS engine then says
 * what is wrong with it. Undefined when the client went away before it was whole.
 */
export async function peekClientHello(socket: Duplex): Promise<ClientHello | undefined> {
  const read = await readUntil(socket, parseClientHello, HELLO_TIMEOUT_MS);
  if (read.state === 'closed') return undefined;
  return read.state === 'complete' ? read.hello : noNames;
}

/** Parses the ClientHello of TLS 1.0 to 1.3 (RFC 8446, 4.1.2), in however many records it came. */
export function parseClientHello(bytes: Buffer): HelloParse {
  try {
    const message = joinRecords(bytes);
    if (message === undefined) return { state: 'incomplete' };
    return { state: 'complete', hello: readHello(message), length: 0 };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { state: 'complete', hello: noNames, length: 0 };
  }
}

const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;

/** The body of the handshake message; undefined while there is not all of it. */
function joinRecords(bytes: Buffer): Cursor | undefined {
  const parts: Buffer[] = [];
  let size = 0;
  for (let at = 0; at + RECORD_HEADER <= bytes.length;) {
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3) throw new RangeError('no TLS handshake');
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    const part = bytes.subarray(at + RECORD_HEADER, end);
    parts.push(part);
    size += part.length;
    at = end;
    if (size < MESSAGE_HEADER) continue;
    const message = parts.length === 1 ? part : Buffer.concat(parts);
    const whole = MESSAGE_HEADER + message.readUIntBE(1, 3);
    if (message[0] !== CLIENT_HELLO || whole > MAX_HELLO_BYTES) throw new RangeError('no ClientHello');
    if (size >= whole) return new Cursor(message.subarray(MESSAGE_HEADER, whole));
  }
  if (bytes.length > 2 * MAX_HELLO_BYTES) throw new RangeError('too long');
  return undefined;
}

function readHello(message: Cursor): ClientHello {
  message.take(2 + 32);
  message.vector(1);
  message.vector(2);
  message.vector(1);
  if (message.isAtEnd()) return noNames;
  const extensions = message.vector(2);
  const names: string[] = [];
  const alpn: string[] = [];
  while (!extensions.isAtEnd()) {
    const type = extensions.number(2);
    const data = extensions.vector(2);
    if (type === 0) names.push(...readServerNames(data));
    if (type === 16) alpn.push(...readProtocols(data));
  }
  const [first] = names;
  const sni = first === undefined ? undefined : normalizeHost(first);
  return {
    sni: sni !== undefined && SERVER_NAME.test(sni) ? sni : undefined,
    claimedName: first === undefined || first === '' ? undefined : canonicalHost(first),
    alpn,
  };
}

/** RFC 6066, 3: the type of a host name is 0. */
function readServerNames(data: Cursor): string[] {
  if (data.isAtEnd()) return [];
  const list = data.vector(2);
  const names: string[] = [];
  while (!list.isAtEnd()) {
    const type = list.number(1);
    const name = list.vector(2).text();
    if (type === 0) names.push(name);
  }
  return names;
}

/** RFC 7301, 3.1. */
function readProtocols(data: Cursor): string[] {
  const list = data.vector(2);
  const protocols: string[] = [];
  while (!list.isAtEnd()) protocols.push(list.vector(1).text());
  return protocols;
}

/** Reads on from the start of some bytes; throws `RangeError` beyond their end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('cut short');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  number(size: number): number {
    return this.take(size).readUIntBE(0, size);
  }

  /** What follows a length of `size` bytes. */
  vector(size: number): Cursor {
    return new Cursor(this.take(this.number(size)));
  }

  text(): string {
    return this.#bytes.toString('latin1');
  }
}
