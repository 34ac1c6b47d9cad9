import { mergeNoProxy } from './no-proxy.ts';
import { recipes } from './recipes/index.ts';
import type { ChildEnvironment, EnvironmentOptions, Variables } from './types.ts';
import { makers } from './values.ts';

/**
 * The variables of the child: the user's own, with every recipe applied. None of proxaudit's options is among them, only
 * the facts `PROXAUDIT_ACTIVE_RUN` and `PROXAUDIT_ACTIVE_CA`.
 */
export function environmentFor(options: EnvironmentOptions): ChildEnvironment {
  const { env, proxy, trust, runId } = options;
  const noProxy = mergeNoProxy(env, options.includeLocal);
  const proxyUrl = `http://${proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host}:${proxy.port}`;
  const context = { ...options, proxyUrl, noProxy: noProxy.entries };
  const contributions = recipes.map(({ variable, value }) => makers[value](context, variable));
  return {
    env: Object.assign(inherited(env), ...contributions.map((contribution) => contribution.env), {
      PROXAUDIT_ACTIVE_RUN: runId,
      PROXAUDIT_ACTIVE_CA: trust.caFile,
    }) as Record<string, string>,
    files: contributions.flatMap(({ files }) => files ?? []),
    replaced: [
      ...(noProxy.droppedAll ? ['NO_PROXY'] : []),
      ...contributions.flatMap(({ replaced }) => replaced ?? []),
    ],
    bypassed: noProxy.bypassed,
  };
}

/**
 * What of the user's variables the child gets unless a recipe says otherwise. npm reads its variables in any case of
 * letters and lets chance decide between two, and the merged NO_PROXY stands for both of its spellings.
 */
function inherited(env: Variables): Record<string, string> {
  const ours = new Set(
    recipes
      .map(({ variable }) => variable.toLowerCase())
      .filter((variable) => variable.startsWith('npm_config_') || variable === 'no_proxy'),
  );
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && !name.startsWith('PROXAUDIT_') && !ours.has(name.toLowerCase()),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
