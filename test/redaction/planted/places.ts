import type { Redactor } from '../../../src/redaction/index.ts';

const body = (text: string, contentType: string, redactor: Redactor): string => {
  const kept = redactor.body(Buffer.from(text), { contentType, isCut: false });
  return kept.encoding === 'base64' ? Buffer.from(kept.text, 'base64').toString('latin1') : kept.text;
};

/** Where a secret may stand without a name that gives it away, and what is stored of it. */
export const places: Readonly<Record<string, (planted: string, redactor: Redactor) => string>> = {
  'URL path': (planted, r) => r.url(`https://h.example/a/${planted}/b?c=1`),
  'URL path, last': (planted, r) => r.url(`https://h.example/a/${planted}`),
  query: (planted, r) => r.url(`https://h.example/?a=1&q=${planted}&c=1`),
  fragment: (planted, r) => r.url(`https://h.example/#${planted}`),
  userinfo: (planted, r) => r.url(`https://user:${planted}@h.example/a`),
  'URL in a query': (planted, r) => r.url(`https://h.example/?to=https://g.example/${planted}/x`),
  Location: (planted, r) => JSON.stringify(r.headers(['Location', `/a/${planted}?b=1`])),
  Referer: (planted, r) => JSON.stringify(r.headers(['Referer', `https://h.example/?q=${planted}`])),
  'header value': (planted, r) => JSON.stringify(r.headers(['X-Any', planted], 'all')),
  'header among words': (planted, r) => JSON.stringify(r.headers(['User-Agent', `tool/1.0 ${planted} end`])),
  message: (planted, r) => r.text(`failed: ${planted}: no such thing`),
  'JSON body': (planted, r) => body(`{"a":1,"note":"${planted}","b":[2]}`, 'application/json', r),
  'JSON in JSON': (planted, r) => body(JSON.stringify({ a: `{"note":"${planted}"}` }), 'application/json', r),
  'form body': (planted, r) => body(`a=1&note=${planted}&b=2`, 'application/x-www-form-urlencoded', r),
  'multipart body': (planted, r) =>
    body(
      `--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n${planted}\r\n--b--\r\n`,
      'multipart/form-data; boundary=b',
      r,
    ),
  'XML element': (planted, r) => body(`<a><note>${planted}</note></a>`, 'application/xml', r),
  'XML attribute': (planted, r) => body(`<a><b note="${planted}"/></a>`, 'text/xml', r),
  'YAML body': (planted, r) => body(`a:\n  note: ${planted}\n  b: 1\n`, 'application/yaml', r),
  'plain body': (planted, r) => body(`first\nsome ${planted} there\nlast\n`, 'text/plain', r),
  'binary body': (planted, r) => body(`\0\x01 ${planted} \0`, 'application/octet-stream', r),
  argument: (planted, r) => r.command(['tool', planted]).join(' '),
  'value of a flag': (planted, r) => r.command(['tool', `--option=${planted}`]).join(' '),
  'environment value': (planted, r) => r.command(['env', `SOME_NAME=${planted}`, 'tool']).join(' '),
  'shell line': (planted, r) => r.command(['sh', '-c', `cd /x && tool "${planted}" --flag`]).join(' '),
};

const hexOf = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const each = (text: string, write: (code: number) => string): string =>
  [...text].map((character) => write(character.charCodeAt(0))).join('');
const percent = (text: string): string => each(text, (code) => `%${hexOf(code, 2).toUpperCase()}`);
const base32 = (text: string): string => {
  const bits = each(Buffer.from(text).toString('latin1'), (code) => code.toString(2).padStart(8, '0'));
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits
    .map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(digit.padEnd(5, '0'), 2)))
    .join('');
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** How a secret may be written. */
export const escapes: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'after =': (secret) => `x=${secret}`,
  percent,
  'percent, where needed': (secret) =>
    `%22${encodeURIComponent(secret).replaceAll('_', '%5F').replaceAll('-', '%2D')}%22`,
  'double percent': (secret) => percent(percent(secret)),
  'JSON \\u': (secret) => each(secret, (code) => `\\u${hexOf(code, 4)}`),
  'JSON \\u before it': (secret) => `\\u003d${secret}\\u0026`,
  'HTML references': (secret) => each(secret, (code) => `&#x${hexOf(code, 2)};`),
  base64,
  'base64 within': (secret) => base64(`user:${secret}`),
  base64url: (secret) => Buffer.from(`me:${secret}`).toString('base64url'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  base32,
  'base64 twice': (secret) => base64(base64(`user:${secret}`)),
};

/** Whether 16 characters of what was planted, or of the secret, are in what is stored. */
export function isLeaked(stored: string, planted: string, secret: string): boolean {
  const text = stored.replaceAll('REDACTED', '\0');
  return [planted, secret].some((form) => {
    const length = Math.min(16, form.length);
    for (let at = 0; at + length <= form.length; at += 4)
      if (text.includes(form.slice(at, at + length))) return true;
    return text.includes(form.slice(-length));
  });
}
