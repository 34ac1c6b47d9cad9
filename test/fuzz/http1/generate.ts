import type { FuzzCase } from './reading.ts';
import type { Random } from './random.ts';

const METHODS = ['GET', 'GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'CONNECT'];
const STATUSES = [
  '200 OK',
  '200 OK',
  '200 OK',
  '404 Not Found',
  '206 ',
  '304 Not Modified',
  '204 No Content',
  '205 ',
  '100 Continue',
  '103 Early Hints',
  '101 Switching Protocols',
  '407 ',
];
const ODD_REQUEST_LINES = [
  'LIST / HTTP/1.1',
  'GET /a b HTTP/1.1',
  'GET  / HTTP/1.1',
  'GET / HTTP/1.2',
  'GET / HTTP/2.0',
  'GET /',
  'GET /\xe9 HTTP/1.1',
  ' GET / HTTP/1.1',
  'GET / HTTP/1.1 ',
  'G(T / HTTP/1.1',
  'POST / HTTP/1.0',
];
const ODD_STATUS_LINES = [
  'HTTP/1.1 200',
  'HTTP/1.1  200 OK',
  'HTTP/1.1 20 OK',
  'HTTP/1.1 2000',
  'HTTP/1.2 200 OK',
  'HTTP/2 200',
  'ICY 200 OK',
  'HTTP/1.1 200 \x01',
  'http/1.1 200 OK',
  'HTTP/1.0 200 OK',
  'HTTP/1.1\t200 OK',
  'HTTP/1.1 099 OK',
];
const PLAIN_LINES = [
  'Accept: */*',
  'X-A: b',
  'x-a:c',
  'Date: Mon, 01 Jan 2024 00:00:00 GMT',
  'Server: s',
  'X-Empty:',
  'X-Obs: caf\xe9',
  'Connection: keep-alive',
  'Trailer: X-Sum',
  'X-Long: ' + 'y'.repeat(60),
];
const ODD_LINES = [
  'A : b',
  'A\t: b',
  ' folded: 1',
  '\tfolded',
  ' ',
  '',
  'nocolon',
  ': noname',
  'A[1]: b',
  'A B: c',
  'A: \x01',
  'A: b\x0bc',
  'A: b\0c',
  'A: b\rc',
  'A\x80: b',
  'A: b\r',
  'Content-Length:: 5',
  'Content_Length: 7',
  '"Content-Length": 5',
];
const ODD_LENGTHS = [
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length: 5,6',
  'Content-Length:',
  'Content-Length: 0x5',
  'Content-Length: 1_0',
  'Content-Length: 5.0',
  'Content-Length: 05',
  'Content-Length : 5',
  'Content-Length:\r\n 5',
  'Content-Length: 5 ',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Content-Length: 9007199254740993',
  'Content-Length: 5;a',
  'Content-Length: 5\x0b',
  'Content-Length:\t5\t',
];
const ODD_CODINGS = [
  'chunked, chunked',
  'gzip, chunked',
  'chunked, gzip',
  'xchunked',
  'identity',
  'gzip',
  '"chunked"',
  'chunked;a=b',
  'chunked ',
  '\tchunked',
  'Chunked',
  'CHUNKED',
  ' , chunked',
  'chunked,',
  '',
  'chunked\x0b',
  'chunked\r\n ',
  'identity, chunked',
  'chunke',
  'gzip\r\nTransfer-Encoding: chunked',
];
const ODD_SIZES = [
  '0x5',
  '+5',
  '-5',
  ' 5',
  '5 ',
  '5\t',
  '5 ;a',
  '5;a=b',
  '5;a="b;c"',
  '5; \x01',
  '00005',
  '5g',
  '5 a',
  '',
  '0000000000000000005',
  'FFFFFFFFFFFFFFFF',
  '5_0',
  '5;a\n',
  '5\r',
  '5;\0',
];
const ODD_BYTES = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '0',
  '5',
  'f',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  '+',
  '-',
  '_',
];
const BODIES = [
  '',
  'hello',
  'a',
  '\r\n',
  '0\r\n\r\n',
  'GET /evil HTTP/1.1\r\nHost: e\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'x'.repeat(60),
];

/** What one side of a connection may say: some messages, mostly valid ones, each oddity now and then. */
export function generateCase(random: Random): FuzzCase {
  const kind = random.chance(0.5) ? 'request' : 'response';
  // Without oddities now and then, so that what follows the first message is read as well.
  const oddness = random.pick([0, 0.02, 0.05, 0.2]);
  // What else is odd makes readers refuse a message before they frame it.
  const framingOddness = random.pick([oddness, 0.1, 0.4]);
  const methods: string[] = [];
  let text = '';
  for (let count = 1 + random.below(4); count > 0; count--) {
    methods.push(random.pick(METHODS));
    text += new MessageWriter(random, kind, { oddness, framingOddness }).write();
  }
  methods.push('GET', 'GET');
  if (random.chance(oddness * 2)) text = mutate(random, text);
  if (random.chance(0.1)) text = text.slice(0, random.below(text.length + 1));
  return { kind, methods, bytes: Buffer.from(text, 'latin1') };
}

/** Cuts of the bytes anywhere; one byte a segment now and then. */
export function cutIntoSegments(random: Random, bytes: Buffer): Buffer[] {
  const longest = random.pick([1, 3, 20, 1000]);
  const segments: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random.below(longest);
    // A copy, as each read of a socket has memory of its own.
    segments.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return segments;
}

class MessageWriter {
  readonly #random: Random;
  readonly #kind: 'request' | 'response';
  readonly #oddness: number;
  readonly #framingOddness: number;

  constructor(
    random: Random,
    kind: 'request' | 'response',
    { oddness, framingOddness }: { oddness: number; framingOddness: number },
  ) {
    this.#random = random;
    this.#kind = kind;
    this.#oddness = oddness;
    this.#framingOddness = framingOddness;
  }

  write(): string {
    const random = this.#random;
    const lines = ['Host: h'];
    for (let count = random.below(4); count > 0; count--) lines.push(random.pick(PLAIN_LINES));
    while (this.#isOdd()) lines.splice(random.below(lines.length + 1), 0, random.pick(ODD_LINES));
    const body = this.#writeBody(lines);
    const before = this.#isOdd() ? '\r\n' : '';
    const head = [this.#startLine(), ...lines, ''].map((line) => line + this.#lineEnd()).join('');
    return before + head + body + (this.#isOdd() ? random.pick(ODD_BYTES) : '');
  }

  /** Adds the framing lines and gives the body. */
  #writeBody(lines: string[]): string {
    const random = this.#random;
    const body = random.pick(BODIES);
    const add = (line: string): void => void lines.splice(random.below(lines.length + 1), 0, line);
    const choice = random.next();
    if (this.#isOddlyFramed()) add(random.pick(ODD_LENGTHS));
    if (choice < 0.45) {
      add(`${random.pick(['Content-Length', 'content-length'])}: ${body.length}`);
      if (this.#isOddlyFramed()) add(`Content-Length: ${body.length}`);
      return body;
    }
    if (choice < 0.85) {
      add(`Transfer-Encoding: ${this.#isOddlyFramed() ? random.pick(ODD_CODINGS) : 'chunked'}`);
      return this.#chunks(body);
    }
    return this.#isOddlyFramed() || (this.#kind === 'response' && random.chance(0.3)) ? body : '';
  }

  #chunks(body: string): string {
    const random = this.#random;
    let text = '';
    for (let at = 0; at < body.length;) {
      const data = body.slice(at, at + 1 + random.below(body.length));
      const size = this.#isOddlyFramed() ? random.pick(ODD_SIZES) : data.length.toString(16);
      text += size + this.#lineEnd() + data + this.#lineEnd();
      at += data.length;
    }
    const trailers = random.chance(0.2) ? `X-Sum: 1${this.#lineEnd()}` : '';
    const odd = this.#isOddlyFramed() ? random.pick(ODD_LINES) + this.#lineEnd() : '';
    return `${text}0${this.#lineEnd()}${trailers}${odd}${this.#lineEnd()}`;
  }

  #startLine(): string {
    const random = this.#random;
    if (this.#kind === 'response') {
      return this.#isOdd() ? random.pick(ODD_STATUS_LINES) : `HTTP/1.1 ${random.pick(STATUSES)}`;
    }
    const method = random.pick(METHODS);
    const target = method === 'CONNECT' ? 'h:1' : random.pick(['/', '/a?b', 'http://h/p']);
    return this.#isOdd() ? random.pick(ODD_REQUEST_LINES) : `${method} ${target} HTTP/1.1`;
  }

  #lineEnd(): string {
    return this.#random.chance(this.#oddness / 4) ? this.#random.pick(['\n', '\r', '\r\r\n', '']) : '\r\n';
  }

  #isOdd(): boolean {
    return this.#random.chance(this.#oddness);
  }

  #isOddlyFramed(): boolean {
    return this.#random.chance(this.#framingOddness);
  }
}

function mutate(random: Random, text: string): string {
  let changed = text;
  for (let count = 1 + random.below(3); count > 0; count--) {
    const at = random.below(changed.length + 1);
    const removed = random.chance(0.5) ? random.below(3) : 0;
    const added = random.chance(0.7) ? random.pick(ODD_BYTES) : '';
    changed = changed.slice(0, at) + added + changed.slice(at + removed);
  }
  return changed;
}
