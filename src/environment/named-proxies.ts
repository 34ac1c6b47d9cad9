import type { Contribution, RecipeContext, UserFile, Variables } from './types.ts';

const mostFolders = 32;

/** Where Yarn looks for its settings: in the working directory, in every folder above it, and at home. */
export function listYarnFiles(env: Variables, cwd: string): UserFile[] {
  const parts = cwd.split('/');
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/')).slice(-mostFolders);
  return [...new Set([...folders, env['HOME'] ?? ''])]
    .flatMap((folder) => [`${folder}/.yarnrc.yml`, `${folder}/.yarnrc`])
    .filter((path) => path.startsWith('/'))
    .map((path) => ({ name: `yarnrc ${path}`, path }));
}

/** Yarn's own proxy, where the user gave it another one. */
export function yarnProxy({ env, userFiles, proxyUrl }: RecipeContext, variable: string): Contribution {
  const use = variable === 'YARN_HTTPS_PROXY' ? 'https' : 'http';
  const previous = env[variable] ?? '';
  if (previous === proxyUrl) return { env: {} };
  if (previous !== '')
    return { env: { [variable]: proxyUrl }, replaced: [{ name: variable, proxies: { [use]: previous } }] };
  const named = Object.entries(userFiles)
    .filter(([name]) => name.startsWith('yarnrc '))
    .flatMap(([, content = '']) => [...content.matchAll(yarnSetting)]);
  if (named.length === 0) return { env: {} };
  const replaced = named
    .filter(([, scheme = '']) => scheme.toLowerCase() === use)
    .map(([, , url = '']) => ({ name: 'httpProxy of Yarn', proxies: { [use]: url } }));
  return { env: { [variable]: proxyUrl }, replaced };
}

const yarnSetting = /^[ \t]*["']?(https?)-?proxy\b["']?[ \t]*[:= \t][ \t]*["']?([^\s"']*)/gim;

/** The proxy properties of gcloud, where the user gave it others. */
export function gcloudProxy({ env, userFiles, proxy }: RecipeContext, variable: string): Contribution {
  const isNamed = /^[ \t]*\[proxy\]/im.test(userFiles['gcloud'] ?? '');
  const previous = env[variable] ?? '';
  if (previous === '' && !isNamed) return { env: {} };
  const url = `${env['CLOUDSDK_PROXY_TYPE'] ?? 'http'}://${previous}:${env['CLOUDSDK_PROXY_PORT'] ?? ''}`;
  return {
    env: { CLOUDSDK_PROXY_TYPE: 'http', [variable]: proxy.host, CLOUDSDK_PROXY_PORT: String(proxy.port) },
    replaced:
      previous === ''
        ? [{ name: 'proxy/address of gcloud' }]
        : [{ name: variable, proxies: { http: url, https: url } }],
  };
}
