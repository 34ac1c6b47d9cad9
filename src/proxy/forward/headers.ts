import type { RawHeaders } from '../exchange/raw-headers.ts';

// RFC 9110 7.6.1, and what is between the client and this proxy alone.
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** The headers that go on to the other side: all but the hop-by-hop ones and those that `Connection` names. */
export function endToEnd(raw: RawHeaders): string[] {
  let named: ReadonlySet<string> | undefined;
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (hopByHop.has(lower)) {
      if (lower === 'connection') named = addOptions(named, value);
      continue;
    }
    // `te: trailers` is what gRPC needs to pass; other codings are this hop's own business.
    if (lower.startsWith(':') || (lower === 'te' && !/\btrailers\b/i.test(value))) continue;
    kept.push(name, value);
  }
  return named === undefined ? kept : without(kept, named);
}

// `close` and `keep-alive` are words of the connection, not names of headers; `te` is kept or dropped by its value.
const notNames = new Set(['close', 'keep-alive', 'te', 'upgrade', '']);

function addOptions(known: ReadonlySet<string> | undefined, value: string): ReadonlySet<string> | undefined {
  const options = value
    .toLowerCase()
    .split(',')
    .map((option) => option.trim())
    .filter((option) => !notNames.has(option));
  return options.length === 0 ? known : new Set([...(known ?? []), ...options]);
}

function without(raw: RawHeaders, names: ReadonlySet<string>): string[] {
  return raw.filter((_, index) => !names.has((raw[index - (index % 2)] ?? '').toLowerCase()));
}

/** As node:http2 wants them: lower-case names, repeated ones as arrays. */
export function toHttp2Headers(raw: RawHeaders): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const present = headers[name];
    if (present === undefined) headers[name] = value;
    else headers[name] = Array.isArray(present) ? [...present, value] : [present, value];
  }
  return headers;
}
