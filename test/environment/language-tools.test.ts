import { describe, expect, it } from 'vitest';
import { child, filesOf, trust, url } from './environment-bed.ts';

describe('PHP', () => {
  it("reads our settings after the distribution's and the user's", () => {
    const scanned = (env: Record<string, string>) => child(env).env['PHP_INI_SCAN_DIR'];
    expect(scanned({})).toBe(`:${trust.directory}`);
    expect(scanned({ PHP_INI_SCAN_DIR: '/mine:/yours' })).toBe(`/mine:/yours:${trust.directory}`);
    // Empty, it means no folder at all.
    expect(scanned({ PHP_INI_SCAN_DIR: '' })).toBe(trust.directory);
    expect(filesOf(child())['php.ini']).toBe(
      `curl.cainfo = "${trust.bundleFile}"\nopenssl.cafile = "${trust.bundleFile}"\n`,
    );
  });

  it('is left alone where its list could not hold our folder', () => {
    const { env, files } = child({}, { trust: { ...trust, directory: '/tmp/a:b' } });
    expect(env).not.toHaveProperty('PHP_INI_SCAN_DIR');
    expect(files.filter(({ path }) => path.endsWith('php.ini'))).toEqual([]);
  });
});

describe('Erlang', () => {
  const flags = (env: Record<string, string>, bundleFile = trust.bundleFile) =>
    child(env, { trust: { ...trust, bundleFile } }).env['ERL_AFLAGS'];

  it("gets our roots before the user's flags, because the first value wins", () => {
    const ours = `-public_key cacerts_path '"${trust.bundleFile}"'`;
    expect(flags({})).toBe(ours);
    expect(flags({ ERL_AFLAGS: '-kernel shell_history enabled' })).toBe(
      `${ours} -kernel shell_history enabled`,
    );
  });

  it('is left alone where its flags could not name our file', () => {
    expect(flags({ ERL_AFLAGS: '+sbwt none' }, "/tmp/o'clock/bundle.pem")).toBe('+sbwt none');
  });
});

it('is the same when it is applied to its own result', () => {
  const userFiles = { 'hgrc /etc/mercurial/hgrc.d/cacerts.rc': '[web]\ncacerts = /corporate.pem\n' };
  for (const command of ['make', 'mvn', 'gradle']) {
    const { env } = child({ HOME: '/home/u' }, { command: [command], userFiles });
    expect(child(env, { command: [command], userFiles }).env, command).toEqual(env);
  }
});

it('switches on what reads the proxy variables only when told to', () => {
  expect(child().env).toMatchObject({ PERL_LWP_ENV_PROXY: '1', MOJO_PROXY: '1' });
});

it("replaces Hex's own proxy, and sets none unasked", () => {
  expect(child().env).not.toHaveProperty('HEX_HTTP_PROXY');
  const result = child({ HEX_HTTPS_PROXY: 'http://corporate.example' });
  expect(result.env['HEX_HTTPS_PROXY']).toBe(url);
  expect(result.replaced.map(({ name }) => name)).toEqual(['HEX_HTTPS_PROXY']);
});
