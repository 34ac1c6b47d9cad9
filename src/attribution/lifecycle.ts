import { findInEnvironment } from '../support/procfs.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Lifecycle {
  /** `name@version` */
  readonly packageName?: string;
  readonly script?: string;
}

const MAX_LENGTH = 256;

/**
 * Which package's lifecycle script started a process, as npm, yarn and pnpm tell their scripts. What stands in our
 * own environment as well is inherited (`npm run audit` → proxaudit → npm): it says nothing about the process.
 */
export function findLifecycle(environ: string, ownEnvironment: Environment): Lifecycle {
  const [script, name, version] = ['npm_lifecycle_event', 'npm_package_name', 'npm_package_version'].map(
    (variable) => findInEnvironment(environ, variable),
  );
  if (script === undefined || script === '') return {};
  const isInherited =
    script === ownEnvironment['npm_lifecycle_event'] && name === ownEnvironment['npm_package_name'];
  if (isInherited) return {};
  const packageName =
    name === undefined || name === '' ? undefined : [name, ...(version ? [version] : [])].join('@');
  return {
    script: script.slice(0, MAX_LENGTH),
    ...(packageName === undefined ? {} : { packageName: packageName.slice(0, MAX_LENGTH) }),
  };
}
