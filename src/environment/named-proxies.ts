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
  const isNamed = Object.entries(userFiles).some(
    ([name, content]) => name.startsWith('yarnrc ') && /^[ \t]*["']?https?-?proxy\b/im.test(content ?? ''),
  );
  const previous = env[variable] ?? '';
  if (previous === proxyUrl || (previous === '' && !isNamed)) return { env: {} };
  return { env: { [variable]: proxyUrl }, replaced: [previous === '' ? 'httpProxy of Yarn' : variable] };
}

/** The proxy properties of gcloud, where the user gave it others. */
export function gcloudProxy({ env, userFiles, proxy }: RecipeContext, variable: string): Contribution {
  const isNamed = /^[ \t]*\[proxy\]/im.test(userFiles['gcloud'] ?? '');
  const previous = env[variable] ?? '';
  if (previous === '' && !isNamed) return { env: {} };
  return {
    env: { CLOUDSDK_PROXY_TYPE: 'http', [variable]: proxy.host, CLOUDSDK_PROXY_PORT: String(proxy.port) },
    replaced: [previous === '' ? 'proxy/address of gcloud' : variable],
  };
}
