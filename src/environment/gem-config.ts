import { join } from 'node:path';
import type { Contribution, RecipeContext, UserFile, Variables } from './types.ts';

const systemFile = '/etc/gemrc';

/** The user's own, of which RubyGems reads the first that is there. A variable that names others takes its place. */
function defaultPaths(env: Variables): string[] {
  const home = env['HOME'] ?? '';
  if (home === '') return [];
  return [join(home, '.gemrc'), join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'gem', 'gemrc')];
}

const namedPaths = (env: Variables): string[] | undefined => env['GEMRC']?.split(':').filter(Boolean);
const nameOf = (path: string): string => `gemrc ${path}`;

export function listGemFiles(env: Variables): UserFile[] {
  const paths = [systemFile, ...(namedPaths(env) ?? defaultPaths(env))];
  return paths.map((path) => ({ name: nameOf(path), path }));
}

/**
 * Where a configuration file of RubyGems names a proxy, which wins over the variables, one of ours is read after all
 * others. Otherwise nothing is set: it reads the variables and SSL_CERT_FILE then, and roots that a file names join those.
 */
export function gemrc({ env, userFiles, trust, proxyUrl }: RecipeContext, variable: string): Contribution {
  const named = Object.entries(userFiles)
    .filter(([name]) => name.startsWith(nameOf('')))
    .flatMap(([, content = '']) => [...content.matchAll(proxySetting)]);
  if (named.length === 0 || trust.directory.includes(':')) return { env: {} };
  const path = join(trust.directory, 'gemrc');
  const isThere = (file: string): boolean => userFiles[nameOf(file)] !== undefined;
  const users = namedPaths(env) ?? defaultPaths(env).filter(isThere).slice(0, 1);
  // RubyGems before 3.5 looks for the name as text, later ones for the symbol first.
  const content = `:http_proxy: ${proxyUrl}\nhttp_proxy: ${proxyUrl}\n`;
  return {
    env: { [variable]: [...new Set([...users, path])].join(':') },
    files: [{ path, content, mode: trust.fileMode }],
    replaced: named.map(([, value = '']) => {
      const url = value === ':no_proxy' ? '' : value;
      return { name: 'http_proxy of RubyGems', proxies: { http: url, https: url } };
    }),
  };
}

const proxySetting = /^:?http_proxy:[ \t]*["']?([^\s"'#]*)/gm;
