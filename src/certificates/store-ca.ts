import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditError } from '../support/errors.ts';
import { makeDirectory } from '../support/make-directory.ts';
import { reasonOf } from '../support/reason-of.ts';
import type { CaFiles } from './load-ca.ts';
import type { CertificateAuthority } from './types.ts';

/**
 * Makes a CA and writes `ca.pem` and `ca-key.pem` into a directory for its owner only, made where it is missing.
 * @throws AuditError `bad-input` when there is one already, others may enter the directory, or it cannot be written.
 */
export function storeCa(directory: string, create: () => CertificateAuthority): CaFiles {
  const files = { certFile: join(directory, 'ca.pem'), keyFile: join(directory, 'ca-key.pem') };
  const existing = Object.values(files).find((file) => existsSync(file));
  if (existing !== undefined) {
    throw new AuditError('bad-input', `${existing} exists, and is not overwritten`, {
      hint: 'Name another --out DIR, or move it away.',
    });
  }
  try {
    makeDirectory(directory, 0o700);
    refuseShared(directory);
    const { certPem, keyPem } = create();
    writeFileSync(files.keyFile, keyPem, { mode: 0o600, flag: 'wx' });
    writeFileSync(files.certFile, certPem, { mode: 0o644, flag: 'wx' });
    return files;
  } catch (cause) {
    if (cause instanceof AuditError || !(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new AuditError('bad-input', `the CA cannot be written to ${directory}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

const OTHERS = 0o077;

function refuseShared(directory: string): void {
  if ((statSync(directory).mode & OTHERS) === 0) return;
  throw new AuditError('bad-input', `others may look into ${directory}: no place for a CA's key`, {
    hint: `Name a directory that does not exist yet, or: chmod 700 ${directory}`,
  });
}
