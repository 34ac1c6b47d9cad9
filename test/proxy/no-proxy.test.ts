import { describe, expect, it } from 'vitest';
import { createNoProxy } from '../../src/proxy/upstream/proxies/no-proxy.ts';

const excepts = (list: string, host: string, port = 443) => createNoProxy(list)({ host, port });

describe('NO_PROXY', () => {
  it.each([
    ['*', 'any.example'],
    ['*', '10.1.2.3'],
    ['a.example', 'a.example'],
    ['a.example', 'deep.a.example'],
    ['A.Example.', 'a.example'],
    ['a.example', 'A.EXAMPLE.'],
    ['.a.example', 'b.a.example'],
    ['*.a.example', 'b.a.example'],
    [' x.example , a.example\tb.example', 'b.example'],
    ['a.example:443', 'a.example'],
    ['.a.example:443', 'b.a.example'],
    ['*:443', 'any.example'],
    ['10.0.0.0/8', '10.255.0.1'],
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0.7:443', '10.0.0.7'],
    ['2001:db8::/32', '2001:db8:1::5'],
    ['[2001:db8::/32]', '2001:db8:1::5'],
    ['2001:db8::1', '2001:db8:0:0::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::]/32:443', '2001:db8::9'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['10.0.0.0/8', '::ffff:10.0.0.7'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['0.0.0.0/0', '192.0.2.1'],
  ])('%j excepts %s', (list, host) => {
    expect(excepts(list, host)).toBe(true);
  });

  it.each([
    ['', 'a.example'],
    [',, ,', 'a.example'],
    ['a.example', 'ba.example'],
    ['a.example', 'a.example.org'],
    ['.a.example', 'a.example'],
    ['*.a.example', 'a.example'],
    ['a.example:80', 'a.example'],
    ['a.example:0', 'a.example'],
    ['a.example:99999', 'a.example'],
    ['*:80', 'a.example'],
    ['10.0.0.0/8', '11.0.0.1'],
    ['10.0.0.0/33', '10.0.0.1'],
    ['10.0.0.0/8', 'ten.example'],
    ['10.0', '10.0.0.1'],
    ['2001:db8::/32', '2001:db9::1'],
    ['2001:db8::1', '2001:db8::2'],
    ['[2001:db8::1]:80', '2001:db8::1'],
    ['::/0', '192.0.2.1'],
    ['1', '10.0.0.1'],
    ['http://a.example/', 'a.example'],
  ])('%j does not except %s', (list, host) => {
    expect(excepts(list, host)).toBe(false);
  });
});

/** Numbers that look random and are the same in each run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

describe('the properties of exceptions', () => {
  const source = numbers(20261121);
  const below = (limit: number) => (source.next().value as number) % limit;
  const label = () => ['a', 'bb', 'c-c', '_d', 'e9', 'xn--f'][below(6)] ?? 'a';
  const name = () => Array.from({ length: 1 + below(4) }, label).join('.');
  const v4 = () => Array.from({ length: 4 }, () => below(256)).join('.');
  const v6 = () => Array.from({ length: 8 }, () => below(65_536).toString(16)).join(':');
  const place = () => [name, v4, v6][below(3)]?.() ?? 'a';

  it('a place excepts itself, at its port alone where it names one, whatever stands around it', () => {
    for (let turn = 0; turn < 2000; turn += 1) {
      const [host, port, noise] = [place(), 1 + below(65_535), [place(), name(), ''][below(3)] ?? ''];
      const bracketed = host.includes(':') ? `[${host}]` : host;
      expect(excepts(`${noise}, ${host}`, host, port), host).toBe(true);
      expect(excepts(`${bracketed}:${port}`, host.toUpperCase(), port), host).toBe(true);
      expect(excepts(`${bracketed}:${port}`, host, (port % 65_535) + 1), host).toBe(false);
    }
  });

  it('a network excepts what has its first bits, and nothing else', () => {
    for (let turn = 0; turn < 2000; turn += 1) {
      const [network, host, bits] = [v4(), v4(), below(33)];
      const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      const isWithin =
        Math.floor(number(network) / 2 ** (32 - bits)) === Math.floor(number(host) / 2 ** (32 - bits));
      expect(excepts(`${network}/${bits}`, host), `${network}/${bits} ${host}`).toBe(isWithin);
    }
  });

  it('a name excepts exactly itself and what ends with a dot and it', () => {
    for (let turn = 0; turn < 2000; turn += 1) {
      const [entry, host] = [name(), name()];
      expect(excepts(entry, host), `${entry} ${host}`).toBe(host === entry || host.endsWith(`.${entry}`));
      expect(excepts(`.${entry}`, host), `.${entry} ${host}`).toBe(host.endsWith(`.${entry}`));
    }
  });

  it('no text makes it throw, or except everything by accident', () => {
    const characters = ['*', '.', ':', '[', ']', '/', '0', '9', 'a', '-', '%', ' ', ',', '\0', 'ü'];
    for (let turn = 0; turn < 3000; turn += 1) {
      const text = Array.from({ length: below(20) }, () => characters[below(characters.length)]).join('');
      const matches = createNoProxy(text);
      const isStar = text.split(/[\s,]+/).some((entry) => /^\*(?::\d+)?$/.test(entry));
      if (matches({ host: 'q.zz', port: 443 })) expect(isStar, text).toBe(true);
    }
  });
});
