import {
  binary,
  close,
  compressed,
  CONTINUATION,
  BINARY,
  encodeFrame,
  fragments,
  ping,
  pong,
  TEXT,
  text,
  type Frame,
} from './frames.ts';

/** What a client sends after the handshake, and how. The server's answers say whether all of it came through. */
export interface WebSocketCase {
  readonly name: string;
  readonly bytes: Buffer;
  /** Bytes of one write; default: all at once. */
  readonly chop?: number;
  /** `Sec-WebSocket-Extensions` of the handshake. */
  readonly extensions?: string;
  /** The server refuses the handshake. */
  readonly isRefused?: boolean;
}

const bye = close(1000, 'bye');
const of = (name: string, frames: readonly Frame[], more: Partial<WebSocketCase> = {}): WebSocketCase => ({
  name,
  bytes: Buffer.concat([...frames, bye].map(encodeFrame)),
  ...more,
});
const filled = (size: number, byte = 0x2a): Buffer => Buffer.alloc(size, byte);

const framing = [0, 1, 125, 126, 127, 128, 65_535, 65_536, 70_000].flatMap((size) => [
  of(`text of ${size} bytes`, [text(filled(size))]),
  of(`binary of ${size} bytes`, [binary(filled(size, 0xfe))]),
  ...(size > 1000 ? [of(`text of ${size} bytes in pieces of 997`, [text(filled(size))], { chop: 997 })] : []),
]);

const pings = [
  of('ping without payload', [ping()]),
  of('ping with text', [ping('Hello, world!')]),
  of('ping with bytes that are no text', [ping(Buffer.from([0, 255, 254, 253, 252, 251, 0, 255]))]),
  of('ping of 125 bytes', [ping(filled(125, 0xfe))]),
  of('ping of 126 bytes, which is too long', [ping(filled(126, 0xfe))]),
  of('ping of 125 bytes, octet by octet', [ping(filled(125, 0xfe))], { chop: 1 }),
  of('pong that nobody asked for', [pong()]),
  of('pong with payload, then ping', [pong('unasked'), ping('asked')]),
  of(
    'ten pings',
    Array.from({ length: 10 }, (_, index) => ping(`ping ${index}`)),
  ),
  of(
    'ten pings, octet by octet',
    Array.from({ length: 10 }, (_, index) => ping(`ping ${index}`)),
    { chop: 1 },
  ),
];

const reservedBits = [1, 2, 3, 4, 5, 6, 7].flatMap((reserved) => [
  of(`reserved bits ${reserved}`, [{ ...text('hello'), reserved }]),
  of(`reserved bits ${reserved} after a message`, [text('first'), { ...text('hello'), reserved }, ping()]),
]);

const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
  of(`opcode ${opcode}`, [{ opcode }]),
  of(`opcode ${opcode} with payload, between messages`, [
    text('first'),
    { opcode, payload: 'unknown' },
    ping(),
  ]),
]);

const part = (payload: string, fin = false): Frame => ({ opcode: CONTINUATION, payload, fin });
const start = (payload: string, opcode = TEXT): Frame => ({ opcode, payload, fin: false });
const fragmentation = [
  of('ping in fragments', [{ ...ping('a'), fin: false }, part('b', true)]),
  of('pong in fragments', [{ ...pong('a'), fin: false }, part('b', true)]),
  of('text in two fragments', [start('fragment1'), part('fragment2', true)]),
  of('text in two fragments, octet by octet', [start('fragment1'), part('fragment2', true)], { chop: 1 }),
  of('binary in three fragments', [start('1', BINARY), part('2'), part('3', true)]),
  of('a ping within a message', [start('fragment1'), ping('within'), part('fragment2', true)]),
  of('ten pings within a message', [start('f'), ...Array<Frame>(10).fill(ping('within')), part('g', true)]),
  of('a continuation of nothing', [part('fragment', true), text('hello')]),
  of('a continuation of nothing that goes on', [part('fragment'), text('hello')]),
  of('a new message within a message', [start('fragment1'), text('fragment2')]),
  of('empty fragments', [start(''), part(''), part('', true)]),
  of('empty fragments around text', [start(''), part('middle'), part('', true)]),
  of('a message of 1000 fragments', fragments(TEXT, filled(1000), 1)),
];

const utf8: readonly (readonly [string, Buffer])[] = [
  ['valid text of many languages', Buffer.from('Hello-µ@ßöäüàá-UTF-8!! κόσμε 日本語 𐍈 \u{10ffff}')],
  ['valid ends of planes', Buffer.from('\u007f\u07ff\uffff\ud7ff\ue000\ufffd')],
  ['an octet that cannot be', Buffer.from([0x61, 0xff, 0x62])],
  ['a lone continuation', Buffer.from([0x80])],
  ['a cut sequence', Buffer.from([0xe2, 0x82])],
  ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ['beyond the last code point', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
];
const texts = utf8.flatMap(([name, bytes]) => [
  of(`UTF-8: ${name}`, [text(bytes)]),
  of(`UTF-8: ${name}, in fragments of one octet`, fragments(TEXT, bytes, 1)),
  of(`UTF-8: ${name}, octet by octet`, [text(bytes)], { chop: 1 }),
]);

const closing = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) =>
    of(`close ${code}`, [close(code, 'because')]),
  ),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) =>
    of(`close ${code}, which may not be`, [close(code)]),
  ),
  of('close without a code', [close()]),
  of('close of one octet', [{ opcode: 8, payload: 'a' }]),
  of('close with 123 octets of reason', [close(1000, filled(123))]),
  of('close with 124 octets of reason, which is too long', [close(1000, filled(124))]),
  of('close with a reason that is no text', [close(1000, Buffer.from([0xff]))]),
  of('close, then more', [close(1000), text('late'), ping('late'), close(1000)]),
  of('close within a message', [start('fragment1'), close(1000), part('fragment2', true)]),
  of('a frame that is not masked', [{ ...text('hello'), masked: false }]),
];

const large = [1, 4].flatMap((megabytes) => {
  const payload = filled(megabytes * 1024 * 1024, 0x61);
  return [
    of(`text of ${megabytes} MB`, [text(payload)]),
    of(`binary of ${megabytes} MB in fragments of 64 KB`, fragments(BINARY, payload, 65_536)),
  ];
});

const many = [
  of(
    '5000 small messages',
    Array.from({ length: 5000 }, (_, index) => text(`message ${index}`)),
  ),
  of(
    '2000 small messages in pieces of 7',
    Array.from({ length: 2000 }, (_, index) => binary(filled(index % 200))),
    { chop: 7 },
  ),
];

const offers = [
  'permessage-deflate',
  'permessage-deflate; client_no_context_takeover; server_no_context_takeover',
  'permessage-deflate; client_max_window_bits',
  'permessage-deflate; server_max_window_bits=10; client_max_window_bits=11',
  'x-unknown; a=b, permessage-deflate',
];
const prose = Buffer.from('the quick brown fox jumps over the lazy dog, and again '.repeat(2000));
const deflate = offers.flatMap((extensions) => [
  of(`${extensions}: small`, [compressed(TEXT, Buffer.from('hello'))], { extensions }),
  of(
    `${extensions}: large, and plain ones beside it`,
    [text('plain'), compressed(BINARY, prose), text('plain')],
    {
      extensions,
    },
  ),
  of(`${extensions}: what is no deflate`, [{ ...text(filled(50, 0xff)), reserved: 4 }], { extensions }),
]);

const refused = of('an offer that may not be, with frames behind it', [text('hello')], {
  extensions: 'permessage-deflate; server_max_window_bits=99',
  isRefused: true,
});

/** Grouped as the specification is: framing, control frames, fragmentation, text, closing, sizes, compression. */
export const webSocketCases: readonly WebSocketCase[] = [
  ...[...framing, ...pings, ...reservedBits, ...opcodes, ...fragmentation, ...texts, ...closing],
  ...[...large, ...many, ...deflate, refused],
];
