import { X509Certificate } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { splitPem } from './pem.ts';
import { nodeRoots, readSystemRoots } from './system-roots.ts';
import { trustFileMode } from './trust-directory.ts';
import { writeTruststore } from './truststore.ts';
import type { Truststore } from './truststore.ts';
import type { CertificateAuthority, Variables } from './types.ts';
import { readUpstreamCa } from './upstream-roots.ts';
import { readUserRoots } from './user-roots.ts';

export interface TrustOptions {
  /** From `createTrustDirectory`. */
  readonly directory: string;
  readonly ca: Pick<CertificateAuthority, 'certPem'>;
  /** The user's variables, as they were before proxaudit. */
  readonly env: Variables;
  /** `--upstream-ca`: its certificates join the bundle, for hosts that are passed through. */
  readonly upstreamCaFile?: string | undefined;
  /** Where to look for the system's bundle; tests name their own. */
  readonly systemBundles?: readonly string[];
}

export interface TrustFiles {
  readonly directory: string;
  /** Readable by its owner, and where that is root by all. */
  readonly fileMode: number;
  readonly caPem: string;
  /** Our CA alone, for variables that add to a program's roots. */
  readonly caFile: string;
  /** Our CA, the system's roots and the user's own, for variables that replace a program's roots. */
  readonly bundleFile: string;
  readonly truststoreFile?: Truststore;
}

/**
 * Writes what makes clients trust the audit CA, without losing anything that they trusted before.
 * @throws AuditError `bad-certificate` when `upstreamCaFile` cannot be used.
 */
export function writeTrust({ directory, ca, env, upstreamCaFile, systemBundles }: TrustOptions): TrustFiles {
  const seen = new Set<string>();
  const system = readSystemRoots(seen, systemBundles);
  const named = upstreamCaFile === undefined ? [] : readUpstreamCa(upstreamCaFile);
  // The system's directory holds the same certificates as its bundle, one file each.
  const user = readUserRoots(env, seen, system === undefined ? undefined : dirname(system.file));
  const ours = splitPem(ca.certPem).join('');
  const roots = merge(
    system?.text ?? nodeRoots().join(''),
    [...named, ...user].filter((pem) => pem !== ours),
  );
  const caFile = writePublic(join(directory, 'ca.pem'), ours);
  const bundleFile = writePublic(join(directory, 'bundle.pem'), ours + roots);
  const truststoreFile = writeTruststore({ directory, env, caPem: ours, fallback: roots });
  return {
    directory,
    fileMode: trustFileMode(),
    caPem: ours,
    caFile,
    bundleFile,
    ...(truststoreFile === undefined ? {} : { truststoreFile }),
  };
}

/**
 * The PEM text `base`, and what of `added` is not in it. One damaged certificate makes OpenSSL refuse a whole bundle,
 * so what is new is parsed before it joins.
 */
function merge(base: string, added: readonly string[]): string {
  if (added.length === 0) return base;
  const known = new Set(splitPem(base));
  const fresh = [...new Set(added)].filter((pem) => !known.has(pem) && isCertificate(pem));
  return fresh.length === 0 ? base : [base.trimEnd(), ...fresh].join('\n');
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function writePublic(path: string, text: string): string {
  writeFileSync(path, text, { mode: trustFileMode() });
  // The mode above is subject to the umask; root's files must be readable by apt's own user.
  chmodSync(path, trustFileMode());
  return path;
}
