import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openLastingDirectory, sweepLastingDirectories } from '../certificates/lasting-directory.ts';
import { readCertificate } from '../certificates/read-certificate.ts';
import { writeTrust } from '../certificates/index.ts';
import { recipes } from '../environment/recipes/index.ts';
import { parseAuthority } from '../proxy/index.ts';
import { AuditError } from '../support/errors.ts';
import type { ProxyOptions, Variables } from './options.ts';
import { prepareEnvironment, withTemporaryFiles } from './trust.ts';

/** The variables that lead a command to a proxy that is running. */
export interface PrintedEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that must not stand beside them. */
  readonly dropped: readonly string[];
  /** Of the table of variables, those that are not set. */
  readonly missing: readonly string[];
  /** Hosts that NO_PROXY keeps away from the proxy, loopback not among them. */
  readonly bypassed: readonly string[];
  /** Where the files are that the variables name; null: those of the active run, which go with it. */
  readonly directory: string | null;
}

export interface RunningProxyOptions extends Pick<
  ProxyOptions,
  'env' | 'cwd' | 'includeLocal' | 'bundleDirectory'
> {
  /** `HOST:PORT` or `http://HOST:PORT`. */
  readonly address: string;
  readonly caFile: string;
  /** Where files are written; default a directory of its own for this proxy, CA and user. */
  readonly directory: string | undefined;
}

/** For a proxy whose address and CA are known. Throws `AuditError`. */
export function environmentOfProxy(options: RunningProxyOptions): PrintedEnvironment {
  const { env, caFile } = options;
  const proxy = parseAuthority(options.address.replace(/^http:\/\/|\/$/g, ''));
  if (proxy === undefined) {
    throw new AuditError('bad-usage', `--address ${options.address}: expected HOST:PORT`, {
      hint: 'It is where the proxy listens, for example 127.0.0.1:8080.',
    });
  }
  const ca = { certPem: readCertificate(caFile).toString() };
  sweepLastingDirectories();
  return withTemporaryFiles(() => {
    const key = createHash('sha256')
      .update(JSON.stringify([proxy, ca]))
      .digest('hex')
      .slice(0, 16);
    const directory = openLastingDirectory(key, options.directory);
    if (isSetAlready(options, directory)) return { ...asTheyAre(env), directory };
    const trust = writeTrust({ directory, ca, env });
    const parts = { trust, proxy, runId: undefined, command: [] };
    const { variables, dropped, bypassed } = prepareEnvironment(options, parts);
    return { variables, dropped, bypassed, directory, missing: missingOf(variables) };
  });
}

/** Whether a shell has them from an earlier call: merged with themselves, they would grow. */
function isSetAlready({ env, includeLocal }: RunningProxyOptions, directory: string): boolean {
  return !includeLocal && env['PROXAUDIT_ACTIVE_CA'] === join(directory, 'ca.pem');
}

/** For the run that we are part of: as our own environment has them. Throws `AuditError` outside of one. */
export function environmentOfActiveRun(env: Variables): PrintedEnvironment {
  if ((env['PROXAUDIT_ACTIVE_RUN'] ?? '') === '') {
    throw new AuditError('bad-usage', 'there is no active run here, and no --address was given', {
      hint: 'Give --address HOST:PORT and --ca FILE, or run it below proxaudit.',
    });
  }
  return { ...asTheyAre(env), directory: null };
}

function asTheyAre(env: Variables): Omit<PrintedEnvironment, 'directory'> {
  const names = new Set([...recipes.map(({ variable }) => variable), ...ACTIVE, ...gitVariables(env)]);
  const variables = Object.fromEntries(
    [...names].flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { variables, dropped: [], bypassed: [], missing: missingOf(variables) };
}

const ACTIVE = ['PROXAUDIT_ACTIVE_RUN', 'PROXAUDIT_ACTIVE_CA'];

function gitVariables(env: Variables): string[] {
  return Object.keys(env).filter((name) => /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/.test(name));
}

function missingOf(variables: Readonly<Record<string, string>>): string[] {
  const names = new Set(recipes.map(({ variable }) => variable));
  return [...names].filter((name) => !Object.hasOwn(variables, name));
}
