import { unparsedReasons } from '../../../../src/proxy/wire/reader/unparsed-reasons.ts';
import type { Framing } from '../../../../src/proxy/wire/reader/message-head.ts';
import type { Oddity } from '../../../../src/proxy/wire/reader/oddities.ts';

/** What the reader says of the first head: its framing with its oddities, or why it is unparsed. */
type Says =
  | { readonly framing: Framing['kind'] | number; readonly oddities: readonly Oddity[] }
  | { readonly unparsed: string };
export type Decision = readonly [name: string, head: string, says: Says];
/** The method that it answers comes first. */
export type ResponseDecision = readonly [name: string, method: string, head: string, says: Says];

const R = unparsedReasons;
const unparsed = (reason: string): Says => ({ unparsed: reason });
const framed = (framing: Framing['kind'] | number, ...oddities: Oddity[]): Says => ({ framing, oddities });
const get = (lines: string): string => `GET / HTTP/1.1\r\nHost: h\r\n${lines}\r\n`;
const post = (lines: string): string => `POST / HTTP/1.1\r\nHost: h\r\n${lines}\r\n`;
const ok = (lines: string): string => `HTTP/1.1 200 OK\r\n${lines}\r\n`;

/**
 * Lines that are alike for requests and responses. All were tried on Node 20.20, Go 1.26, h11 0.16, and, as responses,
 * http.client of Python 3.11 and curl 7.88: what is framed is framed so by each that accepts it, but where RFC 9112 is
 * clear and `test/fuzz/http1/known-differences.ts` names the one that leaves it.
 */
const headerLines: readonly (readonly [
  name: string,
  lines: string,
  says: Says | 'plain',
  oddities?: Oddity[],
])[] = [
  ['a value with blanks around it', 'A: \t b \t\r\n', 'plain'],
  ['an empty value', 'A:\r\n', 'plain'],
  ['no blank behind the colon', 'A:b\r\n', 'plain'],
  ['bytes beyond ASCII in a value', 'A: caf\xe9\r\n', 'plain'],
  ['a bare LF behind a line', 'A: b\n', 'plain', ['bare-lf']],
  ['a folded line', 'A: b\r\n  c\r\n', 'plain', ['folded-line']],
  ['a line folded twice', 'A:\r\n\tb\r\n c\r\n', 'plain', ['folded-line']],
  ['a blank before the colon', 'A : b\r\n', 'plain', ['space-before-colon']],
  ['a delimiter in a name', 'A[1]: b\r\n', 'plain', ['odd-character-in-name']],
  ['a control character in a value', 'A: b\x01\x7f\x0b\r\n', 'plain', ['control-character']],
  ['a NUL in a value', 'A: b\0\r\n', unparsed(R.nul)],
  ['a CR in a value', 'A: b\rc\r\n', unparsed(R.bareCr)],
  ['a second CR at the end of a line', 'A: b\r\r\n', unparsed(R.bareCr)],
  ['no colon', 'A\r\n', unparsed(R.lineWithoutColon)],
  ['no name', ': b\r\n', unparsed(R.headerName)],
  ['a blank within a name', 'A B: c\r\n', unparsed(R.headerName)],
  ['a control character in a name', 'A\x0b: b\r\n', unparsed(R.headerName)],
  ['a byte beyond ASCII in a name', 'Caf\xe9: b\r\n', unparsed(R.headerName)],
  ['a line of blanks alone', 'A: b\r\n \t\r\n', 'plain', ['folded-line']],
  ['a line of blanks alone behind a length', 'Content-Length: 5\r\n \r\n', unparsed(R.oddFramingHeader)],
  [
    'a length beside chunked',
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    unparsed(R.bothFramings),
  ],
  ['differing lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n', unparsed(R.differingLengths)],
  ['a folded length', 'Content-Length:\r\n 5\r\n', unparsed(R.oddFramingHeader)],
  ['a length with a blank before the colon', 'Content-Length : 5\r\n', unparsed(R.oddFramingHeader)],
  ['an empty length', 'Content-Length:\r\n', unparsed(R.oddLength)],
  ['a length with a sign', 'Content-Length: +5\r\n', unparsed(R.oddLength)],
  ['a negative length', 'Content-Length: -5\r\n', unparsed(R.oddLength)],
  ['a length with an underscore, which Python takes', 'Content-Length: 1_0\r\n', unparsed(R.oddLength)],
  ['a length in hexadecimal', 'Content-Length: 0x5\r\n', unparsed(R.oddLength)],
  ['a length with a fraction', 'Content-Length: 5.0\r\n', unparsed(R.oddLength)],
  [
    'a list of equal lengths: http.client of Python takes none of it',
    'Content-Length: 5, 5\r\n',
    unparsed(R.oddLength),
  ],
  ['a length and a control character', 'Content-Length: 5\x0b\r\n', unparsed(R.oddLength)],
  ['a length of 2^53', 'Content-Length: 9007199254740992\r\n', unparsed(R.lengthTooLarge)],
  ['a folded coding', 'Transfer-Encoding:\r\n chunked\r\n', unparsed(R.oddFramingHeader)],
  ['a coding with a blank before the colon', 'Transfer-Encoding : chunked\r\n', unparsed(R.oddFramingHeader)],
  [
    'chunked and a blank, which http.client does not know',
    'Transfer-Encoding: chunked \r\n',
    unparsed(R.oddFramingHeader),
  ],
  [
    'a coding behind a line at which http.client stops',
    'A : b\r\nTransfer-Encoding: chunked\r\n',
    unparsed(R.oddFramingHeader),
  ],
  ['an empty coding', 'Transfer-Encoding:\r\n', unparsed(R.oddCoding)],
  ['chunked twice', 'Transfer-Encoding: chunked, chunked\r\n', unparsed(R.oddCoding)],
  [
    'two lines of codings',
    'Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n',
    unparsed(R.oddCoding),
  ],
  ['xchunked', 'Transfer-Encoding: xchunked\r\n', unparsed(R.oddCoding)],
  ['chunked and a vertical tab', 'Transfer-Encoding: chunked\x0b\r\n', unparsed(R.oddCoding)],
  ['chunked in quotes', 'Transfer-Encoding: "chunked"\r\n', unparsed(R.oddCoding)],
  ['chunked with a parameter', 'Transfer-Encoding: chunked;a=b\r\n', unparsed(R.oddCoding)],
  ['an empty member before chunked', 'Transfer-Encoding: , chunked\r\n', unparsed(R.oddCoding)],
  ['chunked before another coding', 'Transfer-Encoding: chunked, gzip\r\n', unparsed(R.oddCoding)],
];

const framingLines: readonly (readonly [name: string, lines: string, says: Says])[] = [
  ['a length', 'Content-Length: 5\r\n', framed(5)],
  ['a length of 0', 'Content-Length: 0\r\n', framed(0)],
  ['the greatest length', 'content-length: 9007199254740991\r\n', framed(9007199254740991)],
  ['a length with zeros before it', 'Content-Length: 0005\r\n', framed(5)],
  [
    'the same length twice',
    'Content-Length: 5\r\nContent-Length: 05\r\n',
    framed(5, 'same-content-length-twice'),
  ],
  ['chunked', 'Transfer-Encoding: chunked\r\n', framed('chunked')],
  ['chunked in another case', 'TRANSFER-ENCODING:\tChunked\r\n', framed('chunked')],
  ['a coding before chunked', 'Transfer-Encoding: gzip ,\tchunked\r\n', framed('chunked')],
  [
    'a length behind a blank before a colon',
    'A : b\r\nContent-Length: 6\r\n',
    framed(6, 'space-before-colon'),
  ],
  ['a name like that of the length', 'Content_Length: 5\r\nContent-Length: 6\r\n', framed(6)],
];

export const requestDecisions: readonly Decision[] = [
  ...headerLines.map(([name, lines, says, oddities = []]): Decision => [
    name,
    get(lines),
    says === 'plain' ? framed('none', ...oddities) : says,
  ]),
  ...framingLines.map(([name, lines, says]): Decision => [name, post(lines), says]),
  ['a plain request', get(''), framed('none')],
  ['no header at all', 'GET / HTTP/1.0\r\n\r\n', framed('none')],
  ['a method that nobody knows', 'LIST /v1 HTTP/1.1\r\n\r\n', framed('none')],
  ['a method in small letters', 'get / HTTP/1.1\r\n\r\n', framed('none')],
  ['CONNECT', 'CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n', framed('none')],
  ['CONNECT with a length of 0', 'CONNECT h:1 HTTP/1.1\r\nContent-Length: 0\r\n\r\n', framed(0)],
  ['CONNECT with a length', 'CONNECT h:1 HTTP/1.1\r\nContent-Length: 1\r\n\r\n', unparsed(R.bodyOfConnect)],
  [
    'CONNECT with chunks',
    'CONNECT h:1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
    unparsed(R.bodyOfConnect),
  ],
  ['the absolute form', 'GET http://h/p?q HTTP/1.1\r\n\r\n', framed('none')],
  ['bytes beyond ASCII in the target', 'GET /caf\xe9 HTTP/1.1\r\n\r\n', framed('none', 'non-ascii-target')],
  ['empty lines before', '\r\n\nGET / HTTP/1.1\r\n\r\n', framed('none', 'empty-line-before-request')],
  ['bare LFs alone', 'GET / HTTP/1.1\nHost: h\n\n', framed('none', 'bare-lf')],
  ['a bare LF before CRLF', 'GET / HTTP/1.1\nHost: h\n\r\n', framed('none', 'bare-lf')],
  ['HTTP/1.2, which is read as 1.1', 'GET / HTTP/1.2\r\n\r\n', framed('none', 'unknown-minor-version')],
  ['white space before the first header', 'GET / HTTP/1.1\r\n A: b\r\n\r\n', unparsed(R.firstLineFolded)],
  [
    'a coding in HTTP/1.0',
    'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n',
    unparsed(R.codingInHttp10),
  ],
  ['a last coding that is not chunked', post('Transfer-Encoding: gzip\r\n'), unparsed(R.notChunkedRequest)],
  ['identity', post('Transfer-Encoding: identity\r\n'), unparsed(R.notChunkedRequest)],
  ['HTTP/0.9, whose head has one line', 'GET /\r\n', unparsed(R.notARequest)],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n', unparsed(R.version)],
  ['a version in small letters', 'GET / http/1.1\r\n', unparsed(R.notARequest)],
  ['a version with a further digit', 'GET / HTTP/1.10\r\n', unparsed(R.notARequest)],
  ['two blanks', 'GET  / HTTP/1.1\r\n', unparsed(R.notARequest)],
  ['a tab', 'GET\t/ HTTP/1.1\r\n', unparsed(R.notARequest)],
  ['a blank in the target', 'GET /a b HTTP/1.1\r\n', unparsed(R.notARequest)],
  ['a control character in the target', 'GET /\x01 HTTP/1.1\r\n', unparsed(R.notARequest)],
  ['a blank at the end', 'GET / HTTP/1.1 \r\n', unparsed(R.notARequest)],
  ['no target', 'GET HTTP/1.1\r\n', unparsed(R.notARequest)],
  ['a method that is no token', 'G@T / HTTP/1.1', unparsed(R.notARequest)],
  ['a CR before the request', '\rGET / HTTP/1.1\r\n\r\n', unparsed(R.notARequest)],
  ['a ClientHello', '\x16\x03\x01', unparsed(R.notARequest)],
];

export const responseDecisions: readonly ResponseDecision[] = [
  ...headerLines.map(([name, lines, says, oddities = []]): ResponseDecision => [
    name,
    'GET',
    ok(lines),
    says === 'plain' ? framed('until-close', ...oddities) : says,
  ]),
  ...framingLines.map(([name, lines, says]): ResponseDecision => [name, 'GET', ok(lines), says]),
  ['neither length nor coding', 'GET', ok(''), framed('until-close')],
  ['HTTP/1.0', 'GET', 'HTTP/1.0 200 OK\r\n\r\n', framed('until-close')],
  ['HTTP/1.0 with a length', 'GET', 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n', framed(5)],
  ['HTTP/1.3', 'GET', 'HTTP/1.3 200 OK\r\nContent-Length: 5\r\n\r\n', framed(5, 'unknown-minor-version')],
  [
    'a coding in HTTP/1.0',
    'GET',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    unparsed(R.codingInHttp10),
  ],
  ['a last coding that is not chunked', 'GET', ok('Transfer-Encoding: gzip\r\n'), framed('until-close')],
  ['identity', 'GET', ok('Transfer-Encoding: identity\r\n'), framed('until-close')],
  ['no reason', 'GET', 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\n', framed(5)],
  ['an empty reason', 'GET', 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n', framed(5)],
  ['a reason beyond ASCII', 'GET', 'HTTP/1.1 200 \xd6K\r\nContent-Length: 5\r\n\r\n', framed(5)],
  [
    'a control character in the reason',
    'GET',
    'HTTP/1.1 200 \x01\r\nContent-Length: 5\r\n\r\n',
    framed(5, 'control-character'),
  ],
  ['a status that nobody knows', 'GET', 'HTTP/1.1 799 ?\r\nContent-Length: 5\r\n\r\n', framed(5)],
  ['HEAD', 'HEAD', ok('Content-Length: 5\r\n'), framed('none')],
  ['HEAD and chunked', 'HEAD', ok('Transfer-Encoding: chunked\r\n'), framed('none')],
  [
    'HEAD and both framings',
    'HEAD',
    ok('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'),
    framed('none', 'unused-framing'),
  ],
  ['HEAD and 101', 'HEAD', 'HTTP/1.1 101 \r\n\r\n', framed('switched')],
  ['304 with a length', 'GET', 'HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n', framed('none')],
  ['204', 'GET', 'HTTP/1.1 204 \r\n\r\n', framed('none')],
  ['204 with a length of 0', 'GET', 'HTTP/1.1 204 \r\nContent-Length: 0\r\n\r\n', framed('none')],
  [
    '204 with a length, which all readers pass over',
    'GET',
    'HTTP/1.1 204 \r\nContent-Length: 5\r\n\r\n',
    framed('none', 'unused-framing'),
  ],
  [
    '204 with chunks, which http.client reads',
    'GET',
    'HTTP/1.1 204 \r\nTransfer-Encoding: chunked\r\n\r\n',
    unparsed(R.codingWithoutBody),
  ],
  ['205, which is framed as any', 'GET', 'HTTP/1.1 205 \r\nContent-Length: 0\r\n\r\n', framed(0)],
  ['101', 'GET', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n', framed('switched')],
  ['200 to CONNECT', 'CONNECT', 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n', framed('switched')],
  ['407 to CONNECT', 'CONNECT', 'HTTP/1.1 407 \r\nContent-Length: 5\r\n\r\n', framed(5)],
  ['100', 'POST', 'HTTP/1.1 100 Continue\r\n\r\n', framed('none')],
  [
    '103 with a length',
    'GET',
    'HTTP/1.1 103 \r\nContent-Length: 5\r\n\r\n',
    framed('none', 'unused-framing'),
  ],
  [
    '103 with chunks, which http.client reads',
    'GET',
    'HTTP/1.1 103 \r\nTransfer-Encoding: chunked\r\n\r\n',
    unparsed(R.codingWithoutBody),
  ],
  [
    '304 with chunks (RFC 9112 section 6.1)',
    'GET',
    'HTTP/1.1 304 \r\nTransfer-Encoding: chunked\r\n\r\n',
    framed('none'),
  ],
  ['bare LFs alone', 'GET', 'HTTP/1.1 200 OK\nContent-Length: 5\n\n', framed(5, 'bare-lf')],
  [
    'white space before the first header',
    'GET',
    'HTTP/1.1 200 OK\r\n\tA: b\r\n\r\n',
    unparsed(R.firstLineFolded),
  ],
  ['an empty line before', 'GET', '\r\nHTTP/1.1 200 OK\r\n\r\n', unparsed(R.notAResponse)],
  ['a status of two digits', 'GET', 'HTTP/1.1 20 OK\r\n', unparsed(R.notAResponse)],
  ['a status of four digits', 'GET', 'HTTP/1.1 2000 OK\r\n', unparsed(R.notAResponse)],
  ['a status below 100', 'GET', 'HTTP/1.1 099 OK\r\n', unparsed(R.notAResponse)],
  ['two blanks before the status', 'GET', 'HTTP/1.1  200 OK\r\n', unparsed(R.notAResponse)],
  ['no status', 'GET', 'HTTP/1.1\r\n', unparsed(R.notAResponse)],
  ['HTTP/2', 'GET', 'HTTP/2.0 200 OK\r\n', unparsed(R.version)],
  ['HTTP/0.9', 'GET', '<html>', unparsed(R.notAResponse)],
  ['ICY', 'GET', 'ICY 200 OK\r\n', unparsed(R.notAResponse)],
  ['a NUL in the reason', 'GET', 'HTTP/1.1 200 \0\r\n', unparsed(R.nul)],
];
