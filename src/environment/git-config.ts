import type { Contribution, RecipeContext } from './types.ts';

/** Names of `listUserFiles` that are git's; the later ones win. */
const gitFiles = ['gitconfig-system', 'gitconfig-xdg', 'gitconfig'] as const;
const MAX_SETTINGS = 1000;

/**
 * Where a configuration file of git names a proxy, which wins over the variables, `http.proxy` is overruled as `git -c`
 * would; what variables say of proxies, also for one URL alone, is replaced in its place. Otherwise nothing is set, so that
 * `git config --list` shows nothing new.
 */
export function gitConfig(context: RecipeContext): Contribution {
  const { env, proxyUrl, userFiles } = context;
  const count = Number(env['GIT_CONFIG_COUNT'] ?? '0');
  if (!Number.isInteger(count) || count < 0) return { env: {} };
  const overruled = Array.from({ length: Math.min(count, MAX_SETTINGS) }, (_, index) => index).filter(
    (index) => /^http\.(?:.*\.)?proxy$/i.test(env[`GIT_CONFIG_KEY_${index}`] ?? ''),
  );
  const inFiles = gitFiles.flatMap((name) => proxiesIn(userFiles[name] ?? ''));
  const inVariables = overruled.map((index) => env[`GIT_CONFIG_VALUE_${index}`] ?? '');
  const named = [...inFiles, ...inVariables];
  if (named.length === 0) return { env: {} };
  const replacement = overruled.map((index) => [`GIT_CONFIG_VALUE_${index}`, proxyUrl] as const);
  return {
    env: {
      ...Object.fromEntries(replacement),
      GIT_CONFIG_COUNT: String(count + 1),
      [`GIT_CONFIG_KEY_${count}`]: 'http.proxy',
      [`GIT_CONFIG_VALUE_${count}`]: proxyUrl,
    },
    // Which of several counts for which URL is git's to say.
    replaced: [...new Set(named)].map((url) => ({
      name: 'http.proxy of git',
      proxies: { http: url, https: url },
    })),
  };
}

function proxiesIn(content: string): string[] {
  return [...content.matchAll(/^[ \t]*proxy[ \t]*=[ \t]*"?([^\s"#;]*)/gim)].map(([, url = '']) => url);
}
