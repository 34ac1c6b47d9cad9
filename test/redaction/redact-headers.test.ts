import { expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redact.ts';

const redactor = createRedactor({ secrets: ['planted-secret-value'] });
const raw = [
  'Host', 'x.example',
  'Authorization', 'Bearer abc',
  'Cookie', 'a=b',
  'X-Api-Key', 'abc',
  'Proxy-Authorization', 'Basic abc',
  'X-Internal', 'hello',
  'Accept', 'text/html',
  'accept', 'application/json',
  'Location', 'https://u:p@x.example/?token=abc',
  'Referer', '/a?sig=abc',
  'Link', '</next?access_token=abc>; rel="next", <https://u:p@x.example/>; rel="last"',
  'User-Agent', 'curl planted-secret-value',
]; // prettier-ignore

const safe = {
  host: 'x.example',
  accept: 'text/html, application/json',
  location: 'https://REDACTED@x.example/?token=REDACTED',
  referer: '/a?sig=REDACTED',
  link: '</next?access_token=REDACTED>; rel="next", <https://REDACTED@x.example/>; rel="last"',
  'user-agent': 'curl REDACTED',
};

it('keeps the allow-listed headers, redacted', () => {
  expect(redactor.headers(raw)).toEqual(safe);
});

it('keeps none, or all with secret values replaced', () => {
  expect(redactor.headers(raw, 'none')).toEqual({});
  expect(redactor.headers(raw, 'all')).toEqual({
    ...safe,
    authorization: 'REDACTED',
    cookie: 'REDACTED',
    'x-api-key': 'REDACTED',
    'proxy-authorization': 'REDACTED',
    'x-internal': 'hello',
  });
});

it('is bounded, and cannot be talked into odd names', () => {
  const many = redactor.headers(
    Array.from({ length: 4_000 }, (_, i) => (i % 2 ? 'v' : `x-${i}`)),
    'all',
  );
  expect(Object.keys(many)).toHaveLength(100);
  const repeated = redactor.headers(
    Array.from({ length: 4_000 }, (_, i) => (i % 2 ? 'v'.repeat(100) : 'vary')),
  );
  expect(repeated['vary']?.length).toBeLessThan(17_000);
  expect(redactor.headers(['__proto__', 'x', 'a\nb', 'y', 'odd'], 'all')).toEqual({});
});
