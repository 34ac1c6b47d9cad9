import type { Twin } from './scenario.ts';

/** Clients whose tests take long and tell little that another version, or another client of their kind, does not. */
const slowClients: ReadonlySet<string> = new Set([
  'bazel-own-java',
  'node-libraries-22',
  'node-libraries-24',
  'pdm-install',
  'pipenv-install',
  'pnpm-8',
  'pnpm-9',
  'pnpm-10',
  'sbt-update',
]);

/** The same clients; the slow ones are skipped aloud, as CI has thirteen minutes for all. */
export function leaveSlowOnes(twins: readonly Twin[]): Twin[] {
  return twins.map((twin) =>
    slowClients.has(twin.name) ? { ...twin, available: () => 'takes long: npm run test:long runs it' } : twin,
  );
}

/** Only those that `leaveSlowOnes` skips. */
export function pickSlowOnes(twins: readonly Twin[]): Twin[] {
  return twins.filter(({ name }) => slowClients.has(name));
}
