import { additionalCa, aptConf, phpIni, wgetrc } from './configuration-files.ts';
import { erlangOptions } from './erlang-options.ts';
import { gemrc } from './gem-config.ts';
import { gitConfig } from './git-config.ts';
import { hgrc } from './mercurial-config.ts';
import { jvmOptions } from './jvm-options.ts';
import { gcloudProxy, yarnProxy } from './named-proxies.ts';
import { nodeOptions } from './node-options.ts';
import type { ValueKind } from './recipes/index.ts';
import type { Contribution, RecipeContext, ReplacedSetting } from './types.ts';

type Maker = (context: RecipeContext, variable: string) => Contribution;

/** How each kind of value is made. Total by its type: a new kind needs its maker. */
export const makers: Readonly<Record<ValueKind, Maker>> = {
  'proxy-url': (context, variable) => proxyUrl(context, variable, context.proxyUrl),
  'proxy-url-if-set': (context, variable) => {
    const previous = context.env[variable] ?? '';
    if (previous === '') return { env: {} };
    // Who has SOCKS there has what it needs for it, and may use it for more than HTTP.
    const isSocks = /^socks/i.test(previous);
    return proxyUrl(
      context,
      variable,
      isSocks ? context.proxyUrl.replace(/^http/, 'socks5h') : context.proxyUrl,
    );
  },
  'no-proxy': ({ noProxy }, variable) => ({
    env: noProxy.length === 0 ? {} : { [variable]: noProxy.join(',') },
  }),
  'ca-file': additionalCa,
  'bundle-file': ({ trust }, variable) => ({ env: { [variable]: trust.bundleFile } }),
  'bundle-file-if-set': ({ env, trust }, variable) => ({
    // Some take a truth value in place of a file.
    env: env[variable]?.includes('/') ? { [variable]: trust.bundleFile } : {},
  }),
  'node-options': nodeOptions,
  'git-config': gitConfig,
  'yarn-proxy': yarnProxy,
  'gcloud-proxy': gcloudProxy,
  'jvm-options': jvmOptions,
  'erlang-options': erlangOptions,
  on: (_, variable) => ({ env: { [variable]: '1' } }),
  'file:wgetrc': wgetrc,
  'file:apt.conf': aptConf,
  'file:php.ini': phpIni,
  'file:hgrc': hgrc,
  'file:gemrc': gemrc,
};

function proxyUrl({ env }: RecipeContext, variable: string, url: string): Contribution {
  // npm reads its own in any case of letters.
  const isWanted = (name: string): boolean => name.toLowerCase() === variable && (env[name] ?? '') !== '';
  const name = (/^p?npm_config_/.test(variable) && Object.keys(env).find(isWanted)) || variable;
  const previous = env[name] ?? '';
  if (previous === '' || previous === url) return { env: { [variable]: url } };
  return { env: { [variable]: url }, replaced: [{ name, proxies: proxiesOf(variable, previous) }] };
}

/** Which traffic a variable leads somewhere, by its name. */
function proxiesOf(variable: string, url: string): NonNullable<ReplacedSetting['proxies']> {
  const name = variable.toLowerCase();
  if (name.includes('all_proxy')) return { all: url };
  if (name.includes('https_proxy')) return { https: url };
  // Cargo has one for both.
  const isPlain = /(?<!cargo_)http_proxy$|^p?npm_config_proxy$/.test(name);
  return isPlain ? { http: url } : { http: url, https: url };
}
