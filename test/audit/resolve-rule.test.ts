import { describe, expect, it } from 'vitest';
import { parseResolveRule } from '../../src/audit/resolve-rule.ts';
import { AuditError } from '../../src/support/errors.ts';

describe('--resolve', () => {
  it.each([
    ['a.example=10.0.0.1', { host: 'a.example', port: undefined, address: '10.0.0.1', toPort: undefined }],
    ['a.example:443=10.0.0.1', { host: 'a.example', port: 443, address: '10.0.0.1', toPort: undefined }],
    ['a.example=10.0.0.1:8443', { host: 'a.example', port: undefined, address: '10.0.0.1', toPort: 8443 }],
    ['a.example:443=b.example:8443', { host: 'a.example', port: 443, address: 'b.example', toPort: 8443 }],
    ['a.example=::1', { host: 'a.example', port: undefined, address: '::1', toPort: undefined }],
    ['a.example:80=[::1]:8080', { host: 'a.example', port: 80, address: '::1', toPort: 8080 }],
    [
      'a.example=[2001:db8::1]',
      { host: 'a.example', port: undefined, address: '2001:db8::1', toPort: undefined },
    ],
    [
      '[2001:db8::1]:443=127.0.0.1',
      { host: '2001:db8::1', port: 443, address: '127.0.0.1', toPort: undefined },
    ],
    ['A.Example:443=127.0.0.1', { host: 'a.example', port: 443, address: '127.0.0.1', toPort: undefined }],
  ])('%s', (text, rule) => {
    expect(parseResolveRule(text)).toEqual(rule);
  });

  it.each([
    '',
    '=',
    'a.example',
    'a.example=',
    '=127.0.0.1',
    'a.example:x=127.0.0.1',
    'a.example:0=127.0.0.1',
  ])('%j is refused with what was expected', (text) => {
    expect(() => parseResolveRule(text)).toThrow(AuditError);
    expect(() => parseResolveRule(text)).toThrow(`--resolve ${text}: expected HOST[:PORT]=ADDRESS[:PORT]`);
  });

  it.each([
    'a.example:65536=127.0.0.1',
    'a.example=127.0.0.1:99999',
    'a b=127.0.0.1',
    'http://a.example=127.0.0.1',
  ])('%j is refused', (text) => {
    expect(() => parseResolveRule(text)).toThrow(AuditError);
  });
});
