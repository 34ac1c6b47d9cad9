import type { Destination, ResolveRule } from '../types.ts';

export type { ResolveRule };

/** What is dialled for a destination: another address where the user says so. */
export function applyResolve(destination: Destination, rules: readonly ResolveRule[]): Destination {
  const rule = findRule(destination, rules);
  return rule === undefined ? destination : { host: rule.address, port: rule.toPort ?? destination.port };
}

export function findRule(destination: Destination, rules: readonly ResolveRule[]): ResolveRule | undefined {
  return rules.find(
    ({ host, port }) => host === destination.host && (port === undefined || port === destination.port),
  );
}
