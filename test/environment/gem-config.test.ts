import { expect, it } from 'vitest';
import { listUserFiles } from '../../src/environment/index.ts';
import { child, filesOf, trust, url } from './environment-bed.ts';

const named = {
  'gemrc /home/u/.gemrc': ':verbose: true\nhttp_proxy: http://corporate.example:3128 # ours\n',
};
const proxyOf = (content: string) =>
  child({ HOME: '/home/u' }, { userFiles: { 'gemrc /etc/gemrc': content } }).replaced;

it('sets nothing where no file of RubyGems names a proxy', () => {
  const result = child({ HOME: '/home/u' }, { userFiles: { 'gemrc /home/u/.gemrc': ':verbose: true\n' } });
  expect(result.env).not.toHaveProperty('GEMRC');
  expect(filesOf(result)).not.toHaveProperty('gemrc');
});

it("reads ours after the user's own, which the variable would keep from being read", () => {
  const result = child({ HOME: '/home/u' }, { userFiles: named });
  expect(result.env['GEMRC']).toBe(`/home/u/.gemrc:${trust.directory}/gemrc`);
  expect(filesOf(result)['gemrc']).toBe(`:http_proxy: ${url}\nhttp_proxy: ${url}\n`);
  const corporate = 'http://corporate.example:3128';
  expect(result.replaced).toEqual([
    { name: 'http_proxy of RubyGems', proxies: { http: corporate, https: corporate } },
  ]);
  expect(child(result.env, { userFiles: named }).env).toEqual(result.env);
});

it('keeps the list of the user, and reads the first of the two places where there is none', () => {
  const listed = child({ HOME: '/home/u', GEMRC: '/a:/b' }, { userFiles: { 'gemrc /b': 'http_proxy: x\n' } });
  expect(listed.env['GEMRC']).toBe(`/a:/b:${trust.directory}/gemrc`);
  const xdg = { 'gemrc /xdg/gem/gemrc': 'http_proxy: x\n' };
  const env = { HOME: '/home/u', XDG_CONFIG_HOME: '/xdg' };
  expect(child(env, { userFiles: xdg }).env['GEMRC']).toBe(`/xdg/gem/gemrc:${trust.directory}/gemrc`);
  const both = child(env, { userFiles: { ...xdg, 'gemrc /home/u/.gemrc': '' } });
  expect(both.env['GEMRC']).toBe(`/home/u/.gemrc:${trust.directory}/gemrc`);
});

it('tells that the user went direct, in all ways to write the setting', () => {
  const direct = [{ name: 'http_proxy of RubyGems', proxies: { http: '', https: '' } }];
  expect(proxyOf(':http_proxy: :no_proxy\n')).toEqual(direct);
  expect(proxyOf('http_proxy: ":no_proxy"\n')).toEqual(direct);
  expect(proxyOf('# http_proxy: x\nsources: http_proxy: x\n')).toEqual([]);
});

it('looks at the files that RubyGems would read', () => {
  const paths = (env: Record<string, string>) =>
    listUserFiles(env, '/p').flatMap(({ name, path }) => (name.startsWith('gemrc ') ? [path] : []));
  expect(paths({ HOME: '/home/u' })).toEqual(['/etc/gemrc', '/home/u/.gemrc', '/home/u/.config/gem/gemrc']);
  expect(paths({ HOME: '/home/u', GEMRC: '/a:' })).toEqual(['/etc/gemrc', '/a']);
});
