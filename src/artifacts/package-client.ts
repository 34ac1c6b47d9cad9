import type { Asked } from './recogniser.ts';

/** By how they introduce themselves: programs that fetch packages of one ecosystem, and hardly anything else. */
const clients: readonly (readonly [RegExp, string])[] = [
  [/^(?:npm|pnpm|yarn)\//, 'npm'],
  [/^(?:pip|uv|poetry|pdm|unearth|pipenv)\//, 'pypi'],
  [/^cargo[ /]/, 'cargo'],
];

/**
 * The ecosystem of the client that asked, where it says so. A mirror has no say in that: what such a client stores is a
 * package to it, whatever the mirror calls it.
 */
export function packageEcosystem({ requestHeader }: Pick<Asked, 'requestHeader'>): string | undefined {
  const agent = requestHeader('user-agent');
  return agent === undefined ? undefined : clients.find(([pattern]) => pattern.test(agent))?.[1];
}
