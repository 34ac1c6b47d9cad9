import { expect, it } from 'vitest';
import { createValueRedactor, findSecrets } from '../../src/redaction/secret-values.ts';

it('finds the values of secret-looking variables', () => {
  expect(
    findSecrets({
      NPM_TOKEN: 'abcdefgh1',
      POSTGRES_PASSWORD: 'postgres',
      MY_API_KEY: ' 12345678\n',
      PGPASSWORD: 'hunter22',
      SIGNING_KEY: 'signing-1',
      HTTPS_PROXY: 'http://me:proxy-password@proxy.example:3128',
      SHORT_TOKEN: 'abc',
      EMPTY_TOKEN: '',
      UNSET_TOKEN: undefined,
      TOKEN_TYPE: 'registry',
      PWD: '/home/somebody',
      OLDPWD: '/home/somebody',
      SSH_AUTH_SOCK: '/tmp/agent.123',
      SECRETS_FILE: '/run/secrets',
      TOKEN_URL: 'https://auth.example/token',
      PATH: '/usr/local/bin:/usr/bin',
      HOME: '/home/somebody',
    }),
  ).toEqual(['abcdefgh1', '12345678', 'hunter22', 'signing-1', 'proxy-password']);
});

it('replaces exact values in every form', () => {
  const secret = 's3cr3t/with+odd%41 chärs?';
  const redact = createValueRedactor([secret, 'short']);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  expect(redact(`a ${secret} b`)).toBe('a REDACTED b');
  expect(redact(`a/${encodeURIComponent(secret)}/b`)).toBe('a/REDACTED/b');
  expect(redact(`a/${encodeURIComponent(encodeURIComponent(secret))}/b`)).toBe('a/REDACTED/b');
  expect(redact(`a/${encodeURIComponent(secret).toLowerCase()}/b`)).toBe('a/REDACTED/b');
  expect(redact(`a=${encodeURIComponent(secret).replace('%20', '+')}`)).toBe('a=REDACTED');
  expect(redact(`a ${Buffer.from(secret).toString('latin1')} b`)).toBe('a REDACTED b');
  for (const prefix of ['', 'u:', 'me:', 'you:']) {
    expect(redact(`Basic ${base64(prefix + secret)}`)).toBe('Basic REDACTED');
    expect(redact(`Basic ${base64(`${prefix}${secret} and more`)}`)).toBe('Basic REDACTED');
  }
  expect(redact('short')).toBe('short');
});

it('covers secrets that overlap', () => {
  const redact = createValueRedactor(['abcdefghij', 'efghijklmnop']);
  expect(redact('-abcdefghijklmnop-')).toBe('-REDACTED-');
  expect(redact('-abcdefghijabcdefghij-')).toBe('-REDACTED-');
});

it('covers the lines of a multi-line secret', () => {
  const redact = createValueRedactor(['-----BEGIN X-----\nfirst-line-of-the-key\nsecond-line-of-the-key\n']);
  expect(redact('has second-line-of-the-key in it')).toBe('has REDACTED in it');
});
