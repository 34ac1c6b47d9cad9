import { expect, it } from 'vitest';
import { listUserFiles } from '../../src/environment/index.ts';
import { child, filesOf, trust } from './environment-bed.ts';

const cacerts = { 'hgrc /etc/mercurial/hgrc.d/cacerts.rc': '[web]\ncacerts = /corporate.pem\n' };

it('sets nothing where no file of Mercurial names roots or a proxy', () => {
  const result = child({}, { userFiles: { 'hgrc /home/u/.hgrc': '[ui]\nusername = cacerts=\n' } });
  expect(result.env).not.toHaveProperty('HGRCPATH');
  expect(filesOf(result)).not.toHaveProperty('hgrc');
});

it('reads ours after all that Mercurial would read by itself', () => {
  const result = child({ HOME: '/home/u' }, { userFiles: cacerts });
  expect(result.env['HGRCPATH']?.split(':')).toEqual([
    '/usr/lib/python3/dist-packages/mercurial/defaultrc',
    '/usr/etc/mercurial/hgrc',
    '/usr/etc/mercurial/hgrc.d',
    '/etc/mercurial/hgrc',
    '/etc/mercurial/hgrc.d',
    '/home/u/.hgrc',
    '/home/u/.config/hg/hgrc',
    `${trust.directory}/hgrc`,
  ]);
  expect(filesOf(result)['hgrc']).toBe(`[web]\ncacerts = ${trust.bundleFile}\n`);
  expect(result.replaced.map(({ name }) => name)).toEqual([]);
});

it("keeps the user's own path, and overrules a proxy that a file names, with its password", () => {
  const result = child(
    { HGRCPATH: '/mine:/yours' },
    { userFiles: { 'hgrc /mine': '[http_proxy]\nhost = corporate.example:3128\n' } },
  );
  expect(result.env['HGRCPATH']).toBe(`/mine:/yours:${trust.directory}/hgrc`);
  expect(filesOf(result)['hgrc']).toContain('[http_proxy]\nhost = 127.0.0.1:4321\nuser =\npasswd =\n');
  expect(result.replaced.map(({ name }) => name)).toEqual(['http_proxy.host of Mercurial']);
});

it('looks at the files that the user names', () => {
  const names = listUserFiles({ HGRCPATH: '/mine' }, '/p').map(({ name }) => name);
  expect(names).toContain('hgrc /mine');
  expect(names).not.toContain('hgrc /etc/mercurial/hgrc');
});
