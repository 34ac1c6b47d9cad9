import { expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redact.ts';

const redactor = createRedactor();
const alphanumeric = (length: number): string => 'a1B2c3D4e5F6g7H8'.repeat(8).slice(0, length);

it.each([
  'Unexpected token < in JSON at position 0',
  'self-signed certificate in certificate chain',
  'certificate signature failure',
  'basic authentication required',
  'digest mismatch: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  'connect ECONNREFUSED 127.0.0.1:4873',
  'getaddrinfo ENOTFOUND nowhere.example',
  'npm/10.8.2 node/v20.20.2 linux x64 workspaces/false ci/github',
  'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*',
  'Bearer realm="https://auth.example/token",service="oci.example",scope="repository:x:pull"',
  'Sat, 21 Nov 2026 01:37:53 GMT',
  'library/node:20-alpine@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'npm:left-pad@1.3.0',
  'W/"5f2a-18c3b1d2e40"',
])('leaves %s as it is', (text) => {
  expect(redactor.text(text)).toBe(text);
});

it.each([
  ['see https://u:p@x.example/?token=a, then', 'see https://REDACTED@x.example/?token=REDACTED then'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: REDACTED'],
  ['{"authorization":"Bearer abc","n":1}', '{"authorization":"REDACTED","n":1}'],
  ['sent Bearer abcdef123456 to it', 'sent Bearer REDACTED to it'],
  ['Cookie: a=b; c=d\nnext', 'Cookie: REDACTED\nnext'],
  ['password=abc next', 'password=REDACTED next'],
  [String.raw`{"token":"ab\"cd","n":1}`, '{"token":"REDACTED","n":1}'],
  [String.raw`"{\"token\":\"abcdef\",\"n\":1}"`, String.raw`"{\"token\":\"REDACTED\",\"n\":1}"`],
  ["{'api_key': 'abcdef'}", "{'api_key': 'REDACTED'}"],
  ['via user:hunter22@proxy.example:3128', 'via REDACTED@proxy.example:3128'],
  ['a=b=token=abc', 'a=b=token=REDACTED'],
  [`left glpat-${alphanumeric(20)} right`, 'left REDACTED right'],
  [`left npm_${alphanumeric(36)} right`, 'left REDACTED right'],
  [`left pypi-AgE${alphanumeric(60)} right`, 'left REDACTED right'],
  [`left AKIA${'ABCD2345'.repeat(2)} right`, 'left REDACTED right'],
  [`left xoxb-${'1234567890'.repeat(2)}-abc right`, 'left REDACTED right'],
  [`left AIza${alphanumeric(35)} right`, 'left REDACTED right'],
  [`left sk_live_${alphanumeric(24)} right`, 'left REDACTED right'],
  [`left github_pat_${alphanumeric(40)} right`, 'left REDACTED right'],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nnext',
    'REDACTED-----END RSA PRIVATE KEY-----\nnext',
  ],
])('redacts %s', (text, expected) => {
  expect(redactor.text(text)).toBe(expected);
  expect(redactor.text(expected)).toBe(expected);
});

it('follows URLs nested in URLs, and hides what nests too deep', () => {
  let url = 'https://user:hunter22@x.example/';
  for (let depth = 0; depth < 12; depth++) {
    expect(redactor.text(`go to ${url}`)).not.toContain('hunter22');
    url = `https://x.example/?to=${encodeURIComponent(url)}`;
  }
});

it.each([0, 1, 2, 3])(
  'replaces a token in base64, %i bytes after its start, in either alphabet',
  (before) => {
    const token = Buffer.from(`${'.'.repeat(before)}:ghp_${alphanumeric(36)} and more`);
    for (const encoding of ['base64', 'base64url'] as const) {
      expect(redactor.text(`left ${token.toString(encoding)} right`)).toBe('left REDACTED right');
      expect(redactor.url(`/plain/${token.toString(encoding)}/x`)).not.toContain(
        token.toString(encoding).slice(8, 40),
      );
    }
  },
);

it('makes text storable as UTF-8', () => {
  expect(redactor.text('lone \ud800 surrogate')).toBe('lone \ufffd surrogate');
});

// Time grows with the square of the length if a pattern is wrong, and then this takes hours.
it('stays linear on hostile text', () => {
  const seeds = [
    'a',
    'eyJ',
    'a:',
    'a="',
    "'",
    '%25',
    'a:bbb@',
    'aaaaaaaaaaaaaaaaaaaaaag-',
    'aaaaaaaaaaaaaaaaaaaaaa',
    'ab/',
    'http://a?u=',
    'token=',
    'basic ',
    'SG.',
    '/hooks/1/',
    '" ',
    '=a',
  ];
  for (const seed of seeds) {
    const text = seed.repeat(60_000 / seed.length);
    expect(redactor.text(text).length).toBeLessThan(8_300);
    expect(redactor.url(`https://x.example/${text}`).length).toBeLessThan(8_300);
    expect(redactor.url(`https://x.example/?q=${text}`).length).toBeLessThan(8_300);
    expect(redactor.command(['x', text])[1]?.length).toBeLessThan(8_300 * 4);
  }
});
