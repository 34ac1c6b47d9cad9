import type { Contribution, RecipeContext } from './types.ts';

/** Names of `listUserFiles` that are git's. */
const gitFiles = ['gitconfig', 'gitconfig-xdg', 'gitconfig-system'] as const;

/**
 * Where a configuration file of git names a proxy, which wins over the variables, `http.proxy` is overruled as `git -c`
 * would. Otherwise nothing is set, so that `git config --list` shows nothing new.
 */
export function gitConfig(context: RecipeContext): Contribution {
  const named = gitFiles.some((name) => /^\s*proxy\s*=/im.test(context.userFiles[name] ?? ''));
  const count = Number(context.env['GIT_CONFIG_COUNT'] ?? '0');
  const overruled = Array.from({ length: Number.isInteger(count) && count < 1000 ? count : 0 }).some(
    (_, index) => /^http\.(?:.*\.)?proxy$/i.test(context.env[`GIT_CONFIG_KEY_${index}`] ?? ''),
  );
  if ((!named && !overruled) || !Number.isInteger(count) || count < 0) return { env: {} };
  return {
    env: {
      GIT_CONFIG_COUNT: String(count + 1),
      [`GIT_CONFIG_KEY_${count}`]: 'http.proxy',
      [`GIT_CONFIG_VALUE_${count}`]: context.proxyUrl,
    },
    replaced: ['http.proxy of git'],
  };
}
