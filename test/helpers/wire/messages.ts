import type { Random } from '../../fuzz/http1/random.ts';

/** A request as it is sent to an origin, and as it is sent to a proxy that is to send it there. */
export interface RequestText {
  readonly method: string;
  readonly path: string;
  readonly head: string;
  readonly headToProxy: string;
  /** As it is framed. */
  readonly body: string;
  readonly content: string;
  readonly isExpecting: boolean;
}

export interface ResponseText {
  /** Interim responses that come first. */
  readonly interim: string;
  readonly head: string;
  readonly body: string;
  readonly content: string;
  readonly status: number;
  readonly isUntilClose: boolean;
}

const METHODS = [
  'GET',
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'PATCH',
  'LIST',
  'PROPFIND',
  'MKCOL',
  'x-Own',
];
const LINES = [
  'Accept: */*',
  'ACCEPT-Language:en',
  'x-tWICE: 1',
  'x-twice: 2',
  'X-Empty:',
  'X-Blanks: \t b \t ',
  'X-Obs: caf\xe9 \xff',
  'X-Fold: a\r\n\tb\r\n  c',
  'X-Control: a\x01b\x7f',
  'X[1]: odd name',
  'Connection: Keep-Alive',
  'Keep-Alive: timeout=5, max=100',
  'Trailer: X-Sum',
  'TE: trailers',
  'Via: 1.1 somebody',
  'Cookie: a=b; c=d',
  'X-Long: ' + 'y'.repeat(300),
];
const PROXY_LINES = ['Proxy-Connection: keep-alive', 'proxy-authorization: Basic Zm9vOmJhcg=='];
const RESPONSE_LINES = [
  'Server: s',
  'Set-Cookie: a=b',
  'set-cookie: c=d',
  'Proxy-Authenticate: Basic realm="x"',
  'Date: Mon, 01 Jan 2024 00:00:00 GMT',
];
const STATUSES = ['200 OK', '200', '404 Not  Found', '206 ', '407 Proxy?', '500 caf\xe9', '299 \x01', '205 '];
const BODILESS = ['204 No Content', '304 Not Modified'];

/** @param origin the authority that requests to a proxy name */
export function generateRequest(random: Random, origin: string): RequestText {
  const method = random.pick(METHODS);
  const path = `/${random.below(1e9).toString(36)}${random.pick(['', '?a=b', '/%2e/..//x', '?\xe9'])}`;
  const lineEnd = pickLineEnd(random);
  const isOld = random.chance(0.05);
  const framed = frame(random, ['none', 'none', 'length', ...(isOld ? [] : ['chunked', 'expect'])]);
  const lines = [...shuffle(random, pickLines(random, LINES)), ...framed.lines];
  if (framed.isExpecting) lines.push('Expect: 100-continue');
  const host = `Host: ${origin}`;
  const at = random.below(2);
  const write = (target: string, fields: readonly string[]): string =>
    [`${method} ${target} HTTP/1.${isOld ? 0 : 1}`, ...fields, '', ''].join(lineEnd);
  const fields = lines.toSpliced(at, 0, host);
  const toProxy = fields.toSpliced(random.below(2), 0, ...pickLines(random, PROXY_LINES));
  return {
    ...{ method, path },
    head: write(path, fields),
    headToProxy: write(`http://${origin}${path}`, toProxy),
    body: framed.body,
    content: framed.content,
    isExpecting: framed.isExpecting,
  };
}

export function generateResponse(
  random: Random,
  { method }: RequestText,
  { mayLastUntilClose }: { mayLastUntilClose: boolean },
): ResponseText {
  const lineEnd = pickLineEnd(random);
  const isBodiless = random.chance(0.15);
  const status = random.pick(isBodiless ? BODILESS : STATUSES);
  const kinds = ['length', 'chunked', 'chunked', ...(mayLastUntilClose ? ['until-close'] : [])];
  const framed = frame(random, kinds);
  const isUntilClose = framed.lines.length === 0;
  const version = isUntilClose && random.chance(0.5) ? '1.0' : '1.1';
  const lines = [...pickLines(random, [...LINES, ...RESPONSE_LINES]), ...framed.lines];
  const isSilent = isBodiless || method === 'HEAD';
  // A 204 must not have a coding: readers differ.
  const kept = isBodiless ? lines.filter((line) => !/^transfer-encoding/i.test(line)) : lines;
  const interim = random.chance(0.15) ? generateInterim(random) : '';
  return {
    interim,
    head: [`HTTP/${version} ${status}`, ...kept, '', ''].join(lineEnd),
    body: isSilent ? '' : framed.body,
    content: isSilent ? '' : framed.content,
    status: Number(status.slice(0, 3)),
    isUntilClose: isUntilClose && !isSilent,
  };
}

function generateInterim(random: Random): string {
  const one = (): string =>
    random.pick([
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nlink: </b>\r\n\r\n',
      'HTTP/1.1 102\r\n\r\n',
    ]);
  return random.chance(0.3) ? one() + one() : one();
}

interface Framed {
  readonly lines: readonly string[];
  readonly body: string;
  readonly content: string;
  readonly isExpecting: boolean;
}

function frame(random: Random, kinds: readonly string[]): Framed {
  const kind = random.pick(kinds);
  const content = kind === 'none' ? '' : generateContent(random);
  const isExpecting = kind === 'expect';
  const none = { content, isExpecting };
  if (kind === 'none' || kind === 'until-close') return { ...none, lines: [], body: content };
  if (kind === 'chunked' || (isExpecting && random.chance(0.5))) {
    const name = random.pick(['Transfer-Encoding', 'transfer-encoding']);
    const line = `${name}: ${random.pick(['chunked', 'chunked', 'CHUNKED', 'gzip, chunked'])}`;
    return { ...none, lines: [line], body: chunk(random, content) };
  }
  const length = `${random.pick(['Content-Length:', 'content-length: ', 'Content-Length: 0'])}${content.length}`;
  return { ...none, lines: random.chance(0.1) ? [length, length] : [length], body: content };
}

function generateContent(random: Random): string {
  const piece = random.pick([
    '',
    'a',
    'hello',
    '\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: e\r\n\r\n',
    '0\r\n\r\n',
    '\xff\0',
  ]);
  const content = piece.repeat(1 + random.below(20));
  return random.chance(0.03) ? content + 'z'.repeat(random.below(300_000)) : content;
}

function chunk(random: Random, content: string): string {
  let body = '';
  const longest = random.pick([1, 7, 1000, 100_000]);
  for (let at = 0; at < content.length;) {
    const data = content.slice(at, at + 1 + random.below(content.length > 1000 ? 100_000 : longest));
    at += data.length;
    const size = data.length.toString(16);
    const written = random.pick([size, size, size.toUpperCase(), `0${size}`]);
    body += `${written}${random.pick(['', '', ';a', ';a=b', '; a="b;c"', ' '])}\r\n${data}\r\n`;
  }
  const trailers = random.pick(['', '', 'X-Sum: 1\r\n', 'x-a: \xe9\r\nX-A:b\r\n']);
  return `${body}${random.pick(['0', '0', '000', '0;x=y'])}\r\n${trailers}\r\n`;
}

function pickLineEnd(random: Random): string {
  return random.chance(0.06) ? '\n' : '\r\n';
}

function pickLines(random: Random, lines: readonly string[]): string[] {
  return random.chance(0.3) ? [] : Array.from({ length: random.below(5) }, () => random.pick(lines));
}

function shuffle<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
