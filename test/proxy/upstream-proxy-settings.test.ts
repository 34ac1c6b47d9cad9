import { describe, expect, it } from 'vitest';
import { parseProxyUrl } from '../../src/proxy/upstream/proxies/parse-proxy-url.ts';
import { readUpstreamProxies } from '../../src/proxy/upstream/proxies/read-upstream-proxies.ts';
import { AuditError } from '../../src/support/errors.ts';

describe('the URL of a proxy', () => {
  it.each([
    ['proxy.example:3128', 'http://proxy.example:3128', undefined],
    ['http://proxy.example', 'http://proxy.example:80', undefined],
    ['HTTPS://Proxy.Example./path?x', 'https://proxy.example:443', undefined],
    ['socks5h://[2001:db8::1]:1081/', 'socks5h://[2001:db8::1]:1081', undefined],
    ['socks://10.0.0.1', 'socks5h://10.0.0.1:1080', undefined],
    ['http://us%40er:p%3a%2Fss@proxy.example:1', 'http://proxy.example:1', ['us@er', 'p:/ss']],
    ['http://token@proxy.example:1', 'http://proxy.example:1', ['token', undefined]],
    ['user:p@ss@proxy.example:1', 'http://proxy.example:1', ['user', 'p@ss']],
    ['socks4a://id@proxy.example', 'socks4a://proxy.example:1080', ['id', undefined]],
  ])('%s is read', (text, shown, credentials) => {
    const proxy = parseProxyUrl(text, 'X');
    expect(proxy.shown).toBe(shown);
    expect(proxy.username === undefined ? undefined : [proxy.username, proxy.password]).toEqual(credentials);
  });

  it.each([
    'ftp://proxy.example',
    'http://',
    'http://proxy.example:0',
    'http://proxy.example:99999',
    'http://user:sEcReT%zz@proxy.example',
    'http://user:sEcReT%0d%0a@proxy.example',
    'http://us%3Aer:sEcReT@proxy.example',
    'socks4://user:sEcReT@proxy.example',
    `socks5://user:sEcReT${'x'.repeat(255)}@proxy.example`,
    'http://sEcReT@',
    'http://a b:1',
    `http://${'x'.repeat(5000)}`,
  ])('%s is refused, and not repeated', (text) => {
    let error: unknown;
    try {
      parseProxyUrl(text, 'https_proxy');
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(AuditError);
    const { code, message, hint } = error as AuditError;
    expect(code).toBe('bad-usage');
    expect(message).toMatch(/^https_proxy /);
    expect(`${message}${hint}`).not.toContain('sEcReT');
  });
});

describe("the user's settings", () => {
  const read = (env: Record<string, string>, option?: string) => readUpstreamProxies({ env, option });
  const ways = (env: Record<string, string>, option?: string) => {
    const proxies = read(env, option);
    return (['http', 'https', 'all'] as const).map((use) =>
      proxies?.choose({ host: 'far.example', port: 443 }, use)?.shown.replace(/:\d+$/, ''),
    );
  };

  it.each([
    [{}, [undefined, undefined, undefined]],
    [{ http_proxy: 'a' }, ['http://a', undefined, undefined]],
    [{ https_proxy: 'b' }, [undefined, 'http://b', 'http://b']],
    [{ HTTP_PROXY: 'a', HTTPS_PROXY: 'b' }, ['http://a', 'http://b', 'http://b']],
    [{ http_proxy: 'a', HTTP_PROXY: 'x' }, ['http://a', undefined, undefined]],
    [{ http_proxy: '', HTTP_PROXY: 'a' }, ['http://a', undefined, undefined]],
    [{ HTTP_PROXY: 'a', REQUEST_METHOD: 'GET' }, [undefined, undefined, undefined]],
    [{ ALL_PROXY: 'socks5h://s' }, ['socks5h://s', 'socks5h://s', 'socks5h://s']],
    [{ all_proxy: 'socks5h://s', https_proxy: 'b' }, ['socks5h://s', 'http://b', 'socks5h://s']],
    [{ https_proxy: 'b', NO_PROXY: 'far.example' }, [undefined, undefined, undefined]],
    [{ https_proxy: 'b', NO_PROXY: '*' }, [undefined, undefined, undefined]],
    [{ https_proxy: 'b', no_proxy: 'near.example', NO_PROXY: '*' }, [undefined, 'http://b', 'http://b']],
  ])('%j', (env, expected) => {
    expect(ways(env as Record<string, string>)).toEqual(expected);
  });

  it('give way to the option, apart from the exceptions', () => {
    const env = { https_proxy: 'ftp://not.looked.at' };
    expect(ways(env, 'http://o')).toEqual(['http://o', 'http://o', 'http://o']);
    expect(ways({ NO_PROXY: '.example' }, 'http://o')).toEqual([undefined, undefined, undefined]);
    for (const none of ['none', 'direct', ' NONE ']) expect(read(env, none)).toBeUndefined();
  });

  it('never lead loopback away, but to a proxaudit around this one', () => {
    const way = (env: Record<string, string>, host: string) =>
      read({ http_proxy: 'http://127.0.0.1:1', ...env })?.choose({ host, port: 80 }, 'http')?.shown;
    for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1']) {
      expect(way({}, host), host).toBeUndefined();
      expect(way({ PROXAUDIT_ACTIVE_RUN: 'x' }, host), host).toBe('http://127.0.0.1:1');
      expect(way({ PROXAUDIT_ACTIVE_RUN: 'x', NO_PROXY: host }, host), host).toBeUndefined();
    }
  });

  it('know whether another setting names the same', () => {
    const proxies = read({ http_proxy: 'http://u:p@a:3128', all_proxy: 'socks5://s:1' });
    expect(proxies?.isInUse('http', 'A:3128')).toBe(true);
    expect(proxies?.isInUse('http', 'http://other:pw@a:3128/')).toBe(true);
    expect(proxies?.isInUse('http', 'https://a:3128')).toBe(false);
    expect(proxies?.isInUse('http', '')).toBe(false);
    expect(proxies?.isInUse('all', 'socks5h://s:1')).toBe(true);
    expect(proxies?.isInUse('all', 'ftp://s:1')).toBe(false);
    expect(proxies?.secrets).toEqual(['p']);
  });
});
