import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/index.ts';
import { createSecret, findLeaks } from '../helpers/secrets.ts';

const secret = createSecret();
const redactor = createRedactor({ secrets: [secret] });
const plain = createRedactor();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function body(text: string | Buffer, contentType?: string, isCut = false, using = plain): string {
  const kept = using.body(Buffer.from(text as string), { contentType, isCut });
  return kept.encoding === 'base64' ? Buffer.from(kept.text, 'base64').toString('latin1') : kept.text;
}

describe('a body is text where it is text', () => {
  it.each<[name: string, bytes: Buffer, contentType: string | undefined, text: string]>([
    ['UTF-8', Buffer.from('grüße €'), undefined, 'grüße €'],
    ['whatever it is called', Buffer.from('plain'), 'application/octet-stream', 'plain'],
    ['Latin-1', Buffer.from('gr\xfc\xdfe', 'latin1'), 'text/plain; charset=iso-8859-1', 'grüße'],
    ['UTF-16', Buffer.from('grüße', 'utf16le'), 'text/plain; charset="utf-16le"', 'grüße'],
    ['of an unknown charset', Buffer.from('grüße'), 'text/plain; charset=x-unheard-of', 'grüße'],
    ['nothing', Buffer.alloc(0), undefined, ''],
  ])('%s', (_name, bytes, contentType, text) => {
    expect(plain.body(bytes, { contentType, isCut: false })).toEqual({ text, encoding: 'utf-8' });
  });

  it('else base64, of the same bytes', () => {
    for (const bytes of [gzipSync('x'.repeat(1000)), Buffer.from([0, 1, 2, 255]), Buffer.from('a\0b')]) {
      const kept = plain.body(bytes, { contentType: 'text/plain', isCut: false });
      expect(kept).toEqual({ text: bytes.toString('base64'), encoding: 'base64' });
    }
  });

  it('that was cut within a character loses that only', () => {
    const bytes = Buffer.from('fünf €').subarray(0, -1);
    expect(plain.body(bytes, { contentType: undefined, isCut: true })).toEqual({
      text: 'fünf ',
      encoding: 'utf-8',
    });
    expect(plain.body(bytes, { contentType: undefined, isCut: false }).encoding).toBe('base64');
  });
});

describe('secrets in JSON', () => {
  it.each<[text: string, expected: string]>([
    ['{"token":"abc","a":1}', '{"token":"REDACTED","a":1}'],
    [
      '{ "password" :  "p", "pin": 1234, "ok": true }',
      '{ "password" :  "REDACTED", "pin": "REDACTED", "ok": true }',
    ],
    ['{"tokens":["a",{"b":"c"}],"d":["e"]}', '{"tokens":"REDACTED","d":["e"]}'],
    ['{"credentials":{"user":"u","deep":[{"x":"y"}]},"z":"z"}', '{"credentials":"REDACTED","z":"z"}'],
    ['{"pass\\u0077ord":"p"}', '{"pass\\u0077ord":"REDACTED"}'],
    ['{"password":"a\\"b\\\\","c":"d"}', '{"password":"REDACTED","c":"d"}'],
    [
      '[{"name":"API_TOKEN","value":"abc"},{"name":"HOME","value":"/"}]',
      '[{"name":"API_TOKEN","value":"REDACTED"},{"name":"HOME","value":"/"}]',
    ],
    ['{"a":1}\n{"apiKey":"k"}\n', '{"a":1}\n{"apiKey":"REDACTED"}\n'],
    [
      '{"url":"https://u:pw@h.example/?token=t","n":"left-pad"}',
      '{"url":"https://REDACTED@h.example/?token=REDACTED","n":"left-pad"}',
    ],
    ['{"body":"{\\"token\\":\\"abcdefgh\\"}"}', '{"body":"{\\"token\\":\\"REDACTED\\"}"}'],
    ['{"password":null,"secret":false,"hasToken":true}', '{"password":null,"secret":false,"hasToken":true}'],
    [
      '{"version":"1.3.0","dist":{"integrity":"sha512-abc==","shasum":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"}}',
      '{"version":"1.3.0","dist":{"integrity":"sha512-abc==","shasum":"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"}}',
    ],
    ['{"password":"half', '{"password":"REDACTED"'],
    ['{"secrets":["a","b', '{"secrets":"REDACTED"'],
    ['{"a":"b","c', '{"a":"b","c'],
    ['[default]\naws_secret_access_key = abcdef\n', '[default]\naws_secret_access_key = REDACTED\n'],
  ])('%s', (text, expected) => {
    expect(body(text, 'application/json')).toBe(expected);
    expect(body(text)).toBe(expected);
    expect(body(text, 'application/x-www-form-urlencoded')).toBe(expected);
  });
});

describe('secrets in other bodies', () => {
  const parts = (value: string) =>
    `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${value}\r\n--b\r\nContent-Disposition: form-data; name="user"\r\n\r\nme\r\n--b--\r\n`;
  it.each<[name: string, contentType: string | undefined, text: string, expected: string]>([
    [
      'a form',
      'application/x-www-form-urlencoded',
      'user=me&password=p&otp=1&a=b',
      'user=me&password=REDACTED&otp=REDACTED&a=b',
    ],
    ['a form of parts', 'multipart/form-data; boundary=b', parts('two\r\nlines'), parts('REDACTED')],
    [
      'XML',
      'application/xml',
      '<a><password>p</password><ns:token x="y">t</ns:token><b>c</b></a>',
      '<a><password>REDACTED</password><ns:token x="y">REDACTED</ns:token><b>c</b></a>',
    ],
    [
      'lines',
      'text/plain',
      'API_KEY=abc\nhello\nAuthorization: Bearer abcdefgh12\n',
      'API_KEY=REDACTED\nhello\nAuthorization: REDACTED\n',
    ],
    [
      'a key',
      undefined,
      'a\n-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n',
      'a\nREDACTED-----END PRIVATE KEY-----\n',
    ],
    ['bytes', 'application/octet-stream', '\0\x01password=abcdef \0', '\0\x01password=REDACTED \0'],
  ])('%s', (_name, contentType, text, expected) => {
    expect(body(text, contentType)).toBe(expected);
  });

  it('known values in every form', () => {
    for (const form of [
      secret,
      base64(secret),
      base64(`x${secret}`),
      encodeURIComponent(`%${secret}`),
      secret
        .split('')
        .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
    ]) {
      for (const text of [form, `{"note":"${form}"}`, `note=${form}&x=1`, `<a>${form}</a>`, `\0${form}\0`]) {
        const kept = body(text, undefined, false, redactor);
        expect(findLeaks(kept, { secret }), text).toEqual([]);
        // Escapes mean something in JSON only.
        if (!form.startsWith('\\u') || text.startsWith('{')) expect(kept, text).toContain('REDACTED');
      }
    }
  });
});

describe('a secret that the end cuts in half', () => {
  const halves = (kept: string, whole: string): string[] =>
    Array.from({ length: whole.length - 7 }, (_, at) => whole.slice(at, at + 8)).filter((half) =>
      kept.includes(half),
    );

  it('is not kept, wherever the cut is', () => {
    const token = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
    for (const [value, type] of [
      [secret, undefined],
      [base64(secret), undefined],
      [token, undefined],
      [`"${secret}"`, 'application/json'],
    ] as const) {
      const text = `hello world ${value}`;
      for (let length = 12; length <= text.length; length++) {
        const kept = body(text.slice(0, length), type, true, redactor);
        expect(halves(kept, value.replaceAll('"', '')), String(length)).toEqual([]);
        expect(kept).toContain('hello');
      }
    }
  });

  it('keeps almost all of what has no words', () => {
    expect(body('x'.repeat(10_000), undefined, true)).toHaveLength(10_000 - 256);
  });
});

it('comes to an end, whatever the body is', () => {
  const pieces = [
    '"',
    '{',
    '{"a":',
    '<a>',
    '-----BEGIN PRIVATE KEY-----',
    'password=',
    '%25',
    'http://',
    'a:b@',
  ];
  for (const piece of [...pieces, 'name="a"\r\n', '\\"', 'eyJ', 'a', '[']) {
    const text = piece.repeat(Math.ceil(262_144 / piece.length));
    for (const type of ['multipart/form-data', 'application/json', 'application/x-www-form-urlencoded']) {
      expect(body(text, type, true, redactor).length, piece).toBeLessThan(2 * text.length);
    }
  }
}, 120_000);
