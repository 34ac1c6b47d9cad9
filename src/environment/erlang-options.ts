import type { Contribution, RecipeContext } from './types.ts';

/** Our file of roots for Erlang 27.2 and later, before the user's own options: of two values it takes the first. */
export function erlangOptions({ env, trust }: RecipeContext, variable: string): Contribution {
  // An Erlang string within quotes of the launcher's, which knows no way to write its own quote.
  if (/['"\\]/.test(trust.bundleFile)) return { env: {} };
  const option = `-public_key cacerts_path '"${trust.bundleFile}"'`;
  const previous = env[variable]?.trim() ?? '';
  if (previous.includes(option)) return { env: {} };
  return { env: { [variable]: previous === '' ? option : `${option} ${previous}` } };
}
