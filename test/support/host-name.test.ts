import { describe, expect, it } from 'vitest';
import { hostsOfRequest, hostsOfTunnel } from '../../src/support/host-key.ts';
import { canonicalHost, hostOfAuthority } from '../../src/support/host-name.ts';

describe('the one spelling of a host', () => {
  it.each([
    ['EVIL.Example', 'evil.example'],
    ['evil.example.', 'evil.example'],
    ['evil.example..', 'evil.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    // The same as a header has it: UTF-8, read as Latin-1.
    ['b\u00c3\u00bccher.example', 'xn--bcher-kva.example'],
    ['evil\u3002example', 'evil.example'],
    ['evil%2Eexample', 'evil.example'],
    ['_srv.internal', '_srv.internal'],
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    // No names: kept, and no part of them is taken for one.
    ['evil.example/good.example', 'evil.example/good.example'],
    ['A b', 'a b'],
    ['.', '.'],
    ['', ''],
    ['xn--a', 'xn--a'],
    ['a'.repeat(300), 'a'.repeat(255)],
  ])('of %j is %j', (text, expected) => {
    expect(canonicalHost(text)).toBe(expected);
  });

  it('is its own', () => {
    for (const text of ['EVIL.example.', 'bücher.example', '127.1', '::ffff:10.0.0.1', 'a b', 'x/y'])
      expect(canonicalHost(canonicalHost(text))).toBe(canonicalHost(text));
  });
});

describe('the host of an authority', () => {
  it.each([
    ['good.example', 'good.example'],
    [' Good.Example:8443 ', 'good.example'],
    ['good.example:', 'good.example'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['user:pass@good.example:1', 'good.example'],
    ['good.example@evil.example', 'evil.example'],
    ['good.example:443@evil.example', 'evil.example'],
    ['good.example, evil.example', 'good.example, evil.example'],
    ['good.example:evil.example', 'good.example:evil.example'],
    ['', undefined],
    [':443', undefined],
    ['user@', undefined],
  ])('%j is %j', (value, expected) => {
    expect(hostOfAuthority(value)).toBe(expected);
  });
});

describe('hosts that were named', () => {
  it('are that of the URL first, and the others at its port', () => {
    const names = {
      connect: 'good.example',
      sni: 'evil.example',
      authority: 'other.example',
      host: ['x.example'],
    };
    expect(hostsOfRequest('https://good.example:8443/a', names)).toEqual([
      ...['good.example:8443', 'other.example:8443', 'evil.example:8443', 'x.example:8443'],
    ]);
    expect(hostsOfRequest('https://good.example/a', { ...names, authority: 'evil.example' })).toEqual([
      ...['good.example', 'evil.example', 'x.example'],
    ]);
    expect(hostsOfRequest('http://good.example/a', undefined)).toEqual(['good.example']);
  });

  it('by a plain request, or by addresses, are the same', () => {
    const plain = { authority: 'good.example', host: ['evil.example'] };
    expect(hostsOfRequest('http://good.example:81/', plain)).toEqual(['good.example:81', 'evil.example:81']);
    const address = { connect: '2001:db8::1', sni: 'evil.example' };
    expect(hostsOfTunnel({ host: '2001:db8::1', port: 443 }, address)).toEqual([
      '[2001:db8::1]',
      'evil.example',
    ]);
    expect(
      hostsOfTunnel({ host: 'evil.example', port: 22 }, { connect: 'evil.example', sni: '::1' }),
    ).toEqual([...['evil.example:22', '[::1]:22']]);
  });
});
