import {
  sensitiveHeaders,
  type Http2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerStreamResponseOptions,
} from 'node:http2';
import type { RawHeaders } from '../exchange/raw-headers.ts';

/** A block of header fields, as Node gives it: parsed, and as it came. */
export interface HeaderBlock {
  readonly headers: IncomingHttpHeaders;
  readonly raw: RawHeaders;
}

/** All fields but the pseudo-header fields. */
export function withoutPseudo(raw: RawHeaders): string[] {
  return raw.filter((_, index) => !(raw[index - (index % 2)] ?? '').startsWith(':'));
}

/**
 * Calls `send` with the fields as node:http2 wants them: repeated ones as arrays, which stay apart on the wire. Where Node
 * refuses to send a field twice (before 24.15) that has one value by its definition, it gets the first one.
 */
export function sendFields<T>(block: HeaderBlock, send: (fields: OutgoingHttpHeaders) => T): T {
  const fields = toFields(block);
  for (;;) {
    try {
      return send(fields);
    } catch (error) {
      const repeated = repeatedField(error, fields);
      if (repeated === undefined) throw error;
      fields[repeated] = fields[repeated]?.[0];
    }
  }
}

/** Node adds a Date where there is none, but for this option, which its types do not have. */
export const withoutDate: ServerStreamResponseOptions & { readonly sendDate: false } = { sendDate: false };

/** Between a client and its next hop, and nothing that Node would send. */
const UNSENDABLE = 'http2-settings';

type Fields = Record<string, string | string[] | undefined> & { [sensitiveHeaders]?: string[] };

function toFields({ headers, raw }: HeaderBlock): Fields {
  const fields: Fields = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    if (name === UNSENDABLE) continue;
    const present = fields[name];
    if (present === undefined) fields[name] = value;
    else if (Array.isArray(present)) present.push(value);
    else fields[name] = [present, value];
  }
  // Never to be kept in a compression table (RFC 7541, 7.1.3).
  const sensitive = headers[sensitiveHeaders as unknown as string] as string[] | undefined;
  if (sensitive !== undefined && sensitive.length > 0) fields[sensitiveHeaders] = sensitive;
  return fields;
}

function repeatedField(error: unknown, fields: Fields): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_HTTP2_HEADER_SINGLE_VALUE') return undefined;
  return Object.keys(fields).find((name) => Array.isArray(fields[name]) && message.includes(`"${name}"`));
}

/** Told of the trailers of a message, before its end. */
export function onTrailers(stream: Http2Stream, listener: (block: HeaderBlock) => void): void {
  stream.on('trailers', (headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    listener({ headers, raw });
  });
}
