import type { Contribution, RecipeContext } from './types.ts';

/** The user's NODE_OPTIONS and our preload, once: a nested run finds it there already. */
export function nodeOptions({ env, preloadFile }: RecipeContext, variable: string): Contribution {
  const previous = env[variable]?.trim() ?? '';
  const option = `--require ${quote(preloadFile)}`;
  if (previous.includes(option)) return { env: { [variable]: previous } };
  return { env: { [variable]: previous === '' ? option : `${previous} ${option}` } };
}

/** Node splits the variable at spaces and knows double quotes, with the backslash as escape inside them. */
function quote(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}
