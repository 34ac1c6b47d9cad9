import { describe, expect, it } from 'vitest';
import { formatAuthority, normalizeHost, parseAuthority } from '../../src/proxy/authority.ts';
import { classifyFirstBytes, nameProtocol } from '../../src/proxy/front/first-bytes.ts';
import { createHostMatcher } from '../../src/proxy/hosts.ts';
import { parseGreeting, parseRequest } from '../../src/proxy/front/socks5.ts';
import { randomBody } from '../helpers/origin/random.ts';

describe('parseAuthority', () => {
  it.each([
    ['host.example:443', { host: 'host.example', port: 443 }],
    ['HOST.Example.:80', { host: 'host.example', port: 80 }],
    ['[2001:db8::1]:8443', { host: '2001:db8::1', port: 8443 }],
    ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
    ['bücher.example:443', { host: 'bücher.example', port: 443 }],
    ['_srv.internal:65535', { host: '_srv.internal', port: 65535 }],
  ])('reads %s', (text, expected) => {
    expect(parseAuthority(text)).toEqual(expected);
    expect(parseAuthority(formatAuthority(expected))).toEqual(expected);
  });

  it.each([
    '',
    'host',
    ':80',
    'host:',
    'host:0',
    'host:65536',
    'a b:80',
    'a:b:80',
    '[::1',
    '[host]:80',
    'a\r\nb:80',
    'host:99999999',
    `${'a'.repeat(256)}:80`,
    'user@host:80',
    'host/path:80',
  ])('refuses %j', (text) => {
    expect(parseAuthority(text)).toBeUndefined();
  });

  it('uses a default port only where one is given', () => {
    expect(parseAuthority('host', 80)).toEqual({ host: 'host', port: 80 });
    expect(normalizeHost('A.')).toBe('a');
    expect(formatAuthority({ host: '::1', port: 443 }, 'https')).toBe('[::1]');
  });
});

describe('SOCKS5', () => {
  it('reads greetings', () => {
    expect(parseGreeting(Buffer.from([5]))).toEqual({ state: 'incomplete' });
    expect(parseGreeting(Buffer.from([5, 2, 2]))).toEqual({ state: 'incomplete' });
    expect(parseGreeting(Buffer.from([5, 0]))).toEqual({ state: 'invalid' });
    expect(parseGreeting(Buffer.from([5, 2, 2, 0]))).toEqual({
      state: 'complete',
      acceptsNoAuthentication: true,
      length: 4,
    });
    expect(parseGreeting(Buffer.from([5, 1, 2]))).toEqual({
      state: 'complete',
      acceptsNoAuthentication: false,
      length: 3,
    });
  });
  it('reads requests for names and addresses', () => {
    const name = Buffer.concat([
      Buffer.from([5, 1, 0, 3, 12]),
      Buffer.from('Host.Example'),
      Buffer.from([1, 187]),
    ]);
    expect(parseRequest(name)).toMatchObject({
      destination: { host: 'host.example', port: 443 },
      length: name.length,
    });
    expect(parseRequest(Buffer.from([5, 1, 0, 1, 10, 0, 0, 1, 0, 80]))).toMatchObject({
      destination: { host: '10.0.0.1', port: 80 },
    });
    const v6 = Buffer.from([5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 22]);
    expect(parseRequest(v6)).toMatchObject({ destination: { host: '2001:db8::1', port: 22 } });
    for (let cut = 0; cut < name.length; cut += 1)
      expect(parseRequest(name.subarray(0, cut)).state).toBe('incomplete');
  });
  it('refuses BIND, UDP, other versions and names that are none', () => {
    expect(parseRequest(Buffer.from([5, 2, 0, 1, 10, 0, 0, 1, 0, 80])).state).toBe('invalid');
    expect(parseRequest(Buffer.from([4, 1, 0, 1, 10, 0, 0, 1, 0, 80])).state).toBe('invalid');
    expect(parseRequest(Buffer.from([5, 1, 0, 3, 3, 97, 10, 98, 0, 80])).state).toBe('invalid');
    expect(parseRequest(Buffer.from([5, 1, 0, 9, 3, 97, 10, 98, 0, 80])).state).toBe('invalid');
  });
});

describe('first bytes', () => {
  it.each([
    ['GET / HTTP/1.1', 'http'],
    ['G', 'http'],
    ['\r\nG', 'http'],
    ['PRI * HTTP/2.0\r\n', 'http2'],
    ['CONNECT a:1', 'http'],
    // Any token is a method (RFC 9110, 9.1).
    ['BREW', 'undecided'],
    ['BREW /pot', 'undecided'],
    ['BREW /pot HTTP/1.1\r\n', 'http'],
    ['BREW /pot\r\n', 'other'],
    ['\u0016\u0003\u0001', 'tls'],
    ['\u0005\u0001\u0000', 'socks5'],
    ['SSH-2.0-x\r\n', 'other'],
    ['GETS', 'undecided'],
    ['*1\r\n$4\r\nPING', 'other'],
  ])('%j is %s', (text, expected) => {
    expect(classifyFirstBytes(Buffer.from(text, 'latin1'))).toBe(expected);
  });
  it('names what it can', () => {
    expect(nameProtocol(Buffer.from('SSH-2.0-OpenSSH'))).toBe('ssh');
    expect(nameProtocol(Buffer.from('003cgit-upload-pack /x'))).toBe('git');
    expect(nameProtocol(Buffer.from([0x16, 3]))).toBe('tls');
    expect(nameProtocol(Buffer.from('nothing known'))).toBeUndefined();
  });
});

describe('the host matcher', () => {
  it('takes exact names and suffixes', () => {
    const matches = createHostMatcher(['Exact.example.', '*.suffix.example']);
    expect(matches('exact.example')).toBe(true);
    expect(matches('a.exact.example')).toBe(false);
    expect(matches('a.b.suffix.example')).toBe(true);
    expect(matches('suffix.example')).toBe(false);
    expect(matches('notsuffix.example')).toBe(false);
  });
});

describe('hostile bytes', () => {
  it('never throw, and a complete parse never claims more than there is', () => {
    for (let seed = 0; seed < 3000; seed += 1) {
      const bytes = randomBody(1 + (seed % 80), `fuzz-${seed}`);
      if (seed % 3 === 0) bytes[0] = 5;
      if (seed % 3 === 1) bytes.write('CONNECT '.slice(0, bytes.length), 'latin1');
      if (seed % 5 === 0 && bytes.length > 3) bytes.set([5, 1, 0, (seed % 4) + 1]);
      classifyFirstBytes(bytes);
      for (const parsed of [parseGreeting(bytes), parseRequest(bytes)]) {
        if (parsed.state !== 'complete') continue;
        expect(parsed.length).toBeLessThanOrEqual(bytes.length);
        if ('destination' in parsed)
          expect(parseAuthority(formatAuthority(parsed.destination))).toEqual(parsed.destination);
      }
    }
  });
});
