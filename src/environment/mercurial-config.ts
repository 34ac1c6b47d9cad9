import { join } from 'node:path';
import type { Contribution, RecipeContext, UserFile, Variables } from './types.ts';

/** Where Debian's Mercurial reads its settings, the later ones winning. A variable that names ours takes the place of all. */
function defaultPath(env: Variables): string[] {
  const home = env['HOME'] ?? '';
  const xdg = env['XDG_CONFIG_HOME'] || join(home, '.config');
  return [
    '/usr/lib/python3/dist-packages/mercurial/defaultrc',
    ...['/usr/etc/mercurial', '/etc/mercurial'].flatMap((folder) => [`${folder}/hgrc`, `${folder}/hgrc.d`]),
    ...(home === '' ? [] : [join(home, '.hgrc'), join(xdg, 'hg', 'hgrc')]),
  ];
}

const pathOf = (env: Variables): string[] => env['HGRCPATH']?.split(':') ?? defaultPath(env);

export function listMercurialFiles(env: Variables): UserFile[] {
  return [...pathOf(env), '/etc/mercurial/hgrc.d/cacerts.rc']
    .filter((path) => path !== '')
    .map((path) => ({ name: `hgrc ${path}`, path }));
}

/**
 * Where a configuration file of Mercurial names roots or a proxy, which win over the variables, one of ours is read after
 * all others. Otherwise nothing is set: it reads SSL_CERT_FILE then.
 */
export function hgrc(context: RecipeContext, variable: string): Contribution {
  const { env, userFiles, trust, proxyUrl } = context;
  const settings = Object.entries(userFiles)
    .filter(([name]) => name.startsWith('hgrc '))
    .map(([, content]) => content ?? '');
  const namesRoots = settings.some((content) => /^cacerts\s*[=:]/m.test(content));
  const namesProxy = settings.some((content) => /^\[http_proxy\]/m.test(content));
  if ((!namesRoots && !namesProxy) || trust.directory.includes(':')) return { env: {} };
  const path = join(trust.directory, 'hgrc');
  const ours = [
    ...['[web]', `cacerts = ${trust.bundleFile}`],
    ...(namesProxy ? ['[http_proxy]', `host = ${new URL(proxyUrl).host}`, 'user =', 'passwd ='] : []),
  ];
  return {
    env: { [variable]: [...new Set([...pathOf(env), path])].join(':') },
    files: [{ path, content: `${ours.join('\n')}\n`, mode: trust.fileMode }],
    replaced: namesProxy ? [{ name: 'http_proxy.host of Mercurial' }] : [],
  };
}
