import { mergeNoProxy } from './no-proxy.ts';
import { recipes } from './recipes/index.ts';
import type { ChildEnvironment, EnvironmentOptions, ReplacedSetting, Variables } from './types.ts';
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
  const variables = Object.assign({}, ...contributions.map((contribution) => contribution.env), {
    ...(runId === undefined ? {} : { PROXAUDIT_ACTIVE_RUN: runId }),
    PROXAUDIT_ACTIVE_CA: trust.caFile,
  }) as Record<string, string>;
  return {
    env: { ...inherited(env), ...variables },
    variables,
    dropped: Object.keys(env).filter((name) => isRival(name) && !Object.hasOwn(variables, name)),
    files: contributions.flatMap(({ files }) => files ?? []),
    replaced: contributions.flatMap(({ replaced }) => replaced ?? []).map(withoutCredentials),
    bypassed: noProxy.bypassed,
  };
}

function withoutCredentials({ name, proxies }: ReplacedSetting): ReplacedSetting {
  if (proxies === undefined) return { name };
  const bare = Object.entries(proxies).map(([use, url]) => [
    use,
    url.replace(/^([a-z0-9+.-]+:\/\/)?.*@/i, '$1'),
  ]);
  return { name, proxies: Object.fromEntries(bare) as typeof proxies };
}

/** What of the user's variables the child gets unless a recipe says otherwise. */
function inherited(env: Variables): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name, value]) => value !== undefined && !name.startsWith('PROXAUDIT_') && !isRival(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

const inAnyCase = new Set(
  recipes
    .map(({ variable }) => variable.toLowerCase())
    .filter((variable) => /^p?npm_config_/.test(variable) || variable === 'no_proxy'),
);

/**
 * Whether a variable of the user's would stand beside one of ours: npm reads its variables in any case of letters and lets
 * chance decide between two, and the merged NO_PROXY stands for both of its spellings.
 */
function isRival(name: string): boolean {
  return inAnyCase.has(name.toLowerCase());
}
