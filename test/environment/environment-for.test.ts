import { describe, expect, it } from 'vitest';
import { listUserFiles } from '../../src/environment/index.ts';
import { recipes } from '../../src/environment/recipes/index.ts';
import { child, filesOf, trust, url } from './environment-bed.ts';

describe('the table of recipes', () => {
  it('names each variable once, and documents it', () => {
    const variables = recipes.map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
    for (const { documentation } of recipes) expect(documentation).toMatch(/^https:\/\//);
  });
});

describe('roots that the user gave one tool', () => {
  it('become the bundle, which holds them, and nothing where there were none', () => {
    const names = ['CONDA_SSL_VERIFY', 'PDM_PYPI_CA_CERTS'];
    const set = child(Object.fromEntries(names.map((name) => [name, '/corp.pem'])));
    const unset = child({ CONDA_SSL_VERIFY: 'true' });
    for (const name of names) expect(set.env[name]).toBe(trust.bundleFile);
    expect(unset.env['CONDA_SSL_VERIFY']).toBe('true');
    expect(unset.env).not.toHaveProperty('PDM_PYPI_CA_CERTS');
  });

  it('join the audit CA where they add to those of the tool', () => {
    const { env, files } = child({ DENO_CERT: '/corp.pem' }, { userFiles: { DENO_CERT: 'CORP\n' } });
    expect(files.find(({ path }) => path === env['DENO_CERT'])?.content).toBe('OURS\nCORP\n');
    expect(child().env['DENO_CERT']).toBe(trust.caFile);
  });
});

describe('environmentFor', () => {
  it('keeps what it does not know', () => {
    const { env } = child({ PATH: '/bin', LC_ALL: 'C', EMPTY: '' });
    expect(env).toMatchObject({ PATH: '/bin', LC_ALL: 'C', EMPTY: '' });
  });

  it('points every proxy variable at us, in both spellings', () => {
    const { env } = child();
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])
      expect(env[name]).toBe(url);
    for (const name of ['npm_config_proxy', 'npm_config_https_proxy', 'CARGO_HTTP_PROXY'])
      expect(env[name]).toBe(url);
    expect(child({}, { proxy: { host: '::1', port: 80 } }).env['HTTP_PROXY']).toBe('http://[::1]:80');
  });

  it('names what it replaced, but never its value', () => {
    const result = child({ HTTPS_PROXY: 'http://user:secret@corporate.example:3128', HTTP_PROXY: url });
    expect(result.replaced.map(({ name }) => name)).toEqual(['HTTPS_PROXY']);
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(child().replaced.map(({ name }) => name)).toEqual([]);
  });

  it('sets ALL_PROXY and PIP_PROXY only where they were set, and keeps SOCKS where there was SOCKS', () => {
    expect(Object.keys(child().env).filter((name) => /^(all_proxy|pip_proxy)$/i.test(name))).toEqual([]);
    const { env, replaced } = child({
      ALL_PROXY: 'socks5://corporate.example:1080',
      all_proxy: 'http://corporate.example',
      PIP_PROXY: 'corporate.example',
    });
    expect(env).toMatchObject({ ALL_PROXY: 'socks5h://127.0.0.1:4321', all_proxy: url, PIP_PROXY: url });
    expect(replaced.map(({ name }) => name)).toEqual(['ALL_PROXY', 'all_proxy', 'PIP_PROXY']);
  });

  it('replaces root sets by the bundle, and adds the CA alone where roots are added', () => {
    const { env } = child({ SSL_CERT_FILE: '/corporate.pem', NODE_EXTRA_CA_CERTS: '/gone.pem' });
    for (const name of [
      'SSL_CERT_FILE',
      'CURL_CA_BUNDLE',
      'GIT_SSL_CAINFO',
      'PIP_CERT',
      'REQUESTS_CA_BUNDLE',
      'PERL_LWP_SSL_CA_FILE',
      'NIX_SSL_CERT_FILE',
      'CARGO_HTTP_CAINFO',
    ]) {
      expect(env[name], name).toBe(trust.bundleFile);
    }
    expect(env['NODE_EXTRA_CA_CERTS']).toBe(trust.caFile);
  });

  it("joins the user's NODE_EXTRA_CA_CERTS with our CA", () => {
    const result = child(
      { NODE_EXTRA_CA_CERTS: '/corporate.pem' },
      { userFiles: { NODE_EXTRA_CA_CERTS: 'THEIRS\n' } },
    );
    expect(result.env['NODE_EXTRA_CA_CERTS']).toBe('/tmp/trust/NODE_EXTRA_CA_CERTS.pem');
    expect(filesOf(result)['NODE_EXTRA_CA_CERTS.pem']).toBe('OURS\nTHEIRS\n');
  });

  it('hands on the facts of the run and none of our options', () => {
    const { env } = child({
      PROXAUDIT_LOG_LEVEL: 'debug',
      PROXAUDIT_ACTIVE_RUN: 'outer',
      PROXAUDIT_TOKEN: 'x',
    });
    const names = Object.keys(env).filter((name) => name.startsWith('PROXAUDIT_'));
    expect(names.sort()).toEqual(['PROXAUDIT_ACTIVE_CA', 'PROXAUDIT_ACTIVE_RUN']);
    expect(env).toMatchObject({ PROXAUDIT_ACTIVE_RUN: 'run-1', PROXAUDIT_ACTIVE_CA: trust.caFile });
  });

  it("lets no other spelling of npm's variables stand beside ours", () => {
    const { env } = child({
      NPM_CONFIG_PROXY: 'http://x',
      NPM_CONFIG_HTTPS_PROXY: 'http://x',
      NPM_CONFIG_REGISTRY: 'http://r',
    });
    const names = Object.keys(env).filter((name) => /^npm_config_(https_proxy|proxy)$/i.test(name));
    expect(names.sort()).toEqual(['npm_config_https_proxy', 'npm_config_proxy']);
    expect(env['NPM_CONFIG_REGISTRY']).toBe('http://r');
  });
});

describe('NODE_OPTIONS', () => {
  it('gets the preload after what the user had, once', () => {
    expect(child().env['NODE_OPTIONS']).toBe('--require /opt/proxaudit/preload.cjs');
    const nested = child({ NODE_OPTIONS: '--max-old-space-size=4096' }).env['NODE_OPTIONS'] ?? '';
    expect(nested).toBe('--max-old-space-size=4096 --require /opt/proxaudit/preload.cjs');
    expect(child({ NODE_OPTIONS: nested }).env['NODE_OPTIONS']).toBe(nested);
  });

  it('quotes a path as Node reads it', () => {
    const { env } = child({}, { preloadFile: '/opt/my tools/"x"\\y/preload.cjs' });
    expect(env['NODE_OPTIONS']).toBe('--require "/opt/my tools/\\"x\\"\\\\y/preload.cjs"');
  });
});

describe('NO_PROXY', () => {
  const of = (env: Record<string, string>, includeLocal = false) => {
    const result = child(env, { includeLocal });
    expect(result.env['no_proxy']).toBe(result.env['NO_PROXY']);
    expect(result.env['npm_config_noproxy']).toBe(result.env['NO_PROXY']);
    return { list: result.env['NO_PROXY'], bypassed: result.bypassed };
  };

  it('keeps loopback direct, with a bare ::1', () => {
    expect(of({})).toEqual({ list: 'localhost,127.0.0.1,::1', bypassed: [] });
  });

  it("keeps the user's entries of both spellings, and says what they keep from us", () => {
    const { list, bypassed } = of({
      NO_PROXY: '.corp.example, 10.0.0.0/8',
      no_proxy: 'db.example:5432,.corp.example',
    });
    expect(list).toBe('.corp.example,10.0.0.0/8,db.example:5432,localhost,127.0.0.1,::1');
    expect(bypassed).toEqual(['.corp.example', '10.0.0.0/8', 'db.example:5432']);
  });

  it('drops the bracketed ::1, and a star that would switch us off', () => {
    expect(of({ NO_PROXY: '[::1],127.0.0.1' }).list).toBe('127.0.0.1,localhost,::1');
    expect(of({ NO_PROXY: '*' }).list).toBe('localhost,127.0.0.1,::1');
  });

  it('gives up all loopback when it is to be audited', () => {
    const all =
      'localhost,127.0.0.1,127.0.0.0/8,127.*,::1,[::1],localhost:3000,*.localhost,.localhost,a.example';
    expect(of({ NO_PROXY: all }, true)).toEqual({ list: 'a.example', bypassed: ['a.example'] });
    expect(of({ NO_PROXY: 'localhost' }, true).list).toBeUndefined();
  });
});

describe('configuration files', () => {
  it("begin with the user's own, so that ours win, and are for the user's eyes", () => {
    const result = child(
      {},
      { userFiles: { wgetrc: 'tries = 2\nhttps_proxy = x', 'apt.conf': 'APT::X "y";\n' } },
    );
    expect(result.env).toMatchObject({ WGETRC: '/tmp/trust/wgetrc', APT_CONFIG: '/tmp/trust/apt.conf' });
    const own = result.files.filter(({ path }) => /wgetrc$|apt.conf$/.test(path));
    expect(own.map(({ mode }) => mode)).toEqual([0o600, 0o600]);
    const { wgetrc = '', 'apt.conf': aptConf = '' } = filesOf(result);
    expect(wgetrc).toMatch(/^tries = 2\nhttps_proxy = x\nca_certificate = \/tmp\/trust\/bundle\.pem\n/);
    expect(wgetrc).toContain(`\nhttps_proxy = ${url}\n`);
    expect(aptConf).toMatch(/^APT::X "y";\nAcquire::http::Proxy /);
    expect(aptConf).toContain(`Binary::apt-get::Acquire::https::Proxy "${url}/";`);
    expect(aptConf).toContain('Acquire::https::CAInfo "/tmp/trust/bundle.pem";');
  });

  it('are found where the tools look for them', () => {
    const paths = (env: Record<string, string>) =>
      Object.fromEntries(
        listUserFiles(env, '/p')
          .filter(({ name }) => !/^(?:gemrc|hgrc|yarnrc) /.test(name))
          .map(({ name, path }) => [name, path]),
      );
    expect(paths({ HOME: '/home/u' })).toEqual({
      wgetrc: '/home/u/.wgetrc',
      gitconfig: '/home/u/.gitconfig',
      'gitconfig-xdg': '/home/u/.config/git/config',
      'gitconfig-system': '/etc/gitconfig',
      gcloud: '/home/u/.config/gcloud/configurations/config_default',
    });
    expect(
      paths({
        WGETRC: '/w',
        APT_CONFIG: '/a',
        GIT_CONFIG_GLOBAL: '/g',
        XDG_CONFIG_HOME: '/x',
        NODE_EXTRA_CA_CERTS: '/n',
        CLOUDSDK_CONFIG: '/c',
        CLOUDSDK_ACTIVE_CONFIG_NAME: 'w',
      }),
    ).toMatchObject({
      wgetrc: '/w',
      'apt.conf': '/a',
      gitconfig: '/g',
      'gitconfig-xdg': '/x/git/config',
      NODE_EXTRA_CA_CERTS: '/n',
      gcloud: '/c/configurations/config_w',
    });
  });
});

describe("git's own proxy settings", () => {
  const git = (result: ReturnType<typeof child>) =>
    Object.fromEntries(Object.entries(result.env).filter(([name]) => name.startsWith('GIT_CONFIG_')));

  it('are overruled where a configuration file has one', () => {
    const result = child(
      {},
      { userFiles: { gitconfig: '[user]\n\tname = x\n[http]\n\tproxy = http://corporate.example\n' } },
    );
    expect(git(result)).toEqual({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.proxy',
      GIT_CONFIG_VALUE_0: url,
    });
    const proxies = { http: 'http://corporate.example', https: 'http://corporate.example' };
    expect(result.replaced).toEqual([{ name: 'http.proxy of git', proxies }]);
  });

  it("join the user's own of the environment, and overrule a proxy there", () => {
    const env = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.proxy',
      GIT_CONFIG_VALUE_0: 'http://corporate.example',
    };
    expect(git(child(env))).toEqual({
      ...env,
      GIT_CONFIG_VALUE_0: url,
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_1: 'http.proxy',
      GIT_CONFIG_VALUE_1: url,
    });
  });

  it('are replaced where they are for one URL alone, which would win', () => {
    const env = {
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'x',
      GIT_CONFIG_KEY_1: 'http.https://git.example/.proxy',
      GIT_CONFIG_VALUE_1: 'http://u:secret@corporate.example',
    };
    expect(git(child(env))).toMatchObject({ GIT_CONFIG_VALUE_0: 'x', GIT_CONFIG_VALUE_1: url });
  });

  it('are left alone where there are none', () => {
    expect(git(child({}, { userFiles: { gitconfig: '[user]\n\tname = proxy = x\n' } }))).toEqual({});
    const odd = { GIT_CONFIG_COUNT: 'many' };
    expect(git(child(odd, { userFiles: { gitconfig: '[http]\nproxy=x' } }))).toEqual(odd);
  });
});
