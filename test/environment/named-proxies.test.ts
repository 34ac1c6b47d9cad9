import { describe, expect, it } from 'vitest';
import { listUserFiles } from '../../src/environment/index.ts';
import { child, url } from './environment-bed.ts';

describe('a proxy that the user gave one tool', () => {
  it.each([
    ['.yarnrc.yml', 'httpsProxy: http://corp.example:3128\n'],
    ['.yarnrc', '"https-proxy" "http://corp.example:3128"\n'],
  ])('is overruled where Yarn finds it in %s', (name, content) => {
    const { env, replaced } = child({}, { userFiles: { [`yarnrc /p/${name}`]: content } });
    expect(env).toMatchObject({ YARN_HTTP_PROXY: url, YARN_HTTPS_PROXY: url });
    expect(replaced.map(({ name }) => name)).toContain('httpProxy of Yarn');
  });

  it('is overruled in the variables of Yarn, gcloud, pnpm and gRPC', () => {
    const { env, replaced } = child({
      YARN_HTTPS_PROXY: 'http://corp.example:1',
      CLOUDSDK_PROXY_ADDRESS: 'corp.example',
      CLOUDSDK_PROXY_PORT: '3128',
      PNPM_CONFIG_HTTPS_PROXY: 'http://corp.example:1',
      grpc_proxy: 'http://corp.example:1',
    });
    expect(env).toMatchObject({
      YARN_HTTPS_PROXY: url,
      CLOUDSDK_PROXY_TYPE: 'http',
      CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
      CLOUDSDK_PROXY_PORT: '4321',
      pnpm_config_https_proxy: url,
      grpc_proxy: url,
    });
    expect(env).not.toHaveProperty('PNPM_CONFIG_HTTPS_PROXY');
    expect(replaced.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['YARN_HTTPS_PROXY', 'CLOUDSDK_PROXY_ADDRESS', 'grpc_proxy']),
    );
  });

  it('is overruled where a configuration of gcloud names it', () => {
    const { env } = child({}, { userFiles: { gcloud: '[core]\nproject = x\n[proxy]\naddress = corp\n' } });
    expect(env).toMatchObject({ CLOUDSDK_PROXY_ADDRESS: '127.0.0.1', CLOUDSDK_PROXY_PORT: '4321' });
  });

  it('is not set where there was none: Yarn would know no exceptions', () => {
    const { env } = child({}, { userFiles: { 'yarnrc /p/.yarnrc.yml': '# httpProxy\nnodeLinker: pnp\n' } });
    for (const name of ['YARN_HTTP_PROXY', 'YARN_HTTPS_PROXY', 'CLOUDSDK_PROXY_TYPE', 'grpc_proxy'])
      expect(env).not.toHaveProperty(name);
  });
});

it('Yarn is asked for its settings where it looks for them: from the working directory up, and at home', () => {
  const found = listUserFiles({ HOME: '/home/u' }, '/p/q').map(({ path }) => path);
  for (const folder of ['/p/q', '/p', '', '/home/u'])
    expect(found).toEqual(expect.arrayContaining([`${folder}/.yarnrc.yml`, `${folder}/.yarnrc`]));
});
