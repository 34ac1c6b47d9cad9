import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileVariables } from './known-paths.ts';
import { splitPem } from './pem.ts';
import { readUnseen } from './read-unseen.ts';
import type { Variables } from './types.ts';

/** A bundle of all public roots has about 150; this leaves room for large private ones. */
const mostDirectoryFiles = 2000;
const mostDirectories = 8;
/** `c_rehash` names, and what people put beside them. */
const certificateFile = /^[0-9a-f]{8}\.\d{1,3}$|\.(?:pem|crt|cer)$/;

/** What `CONDA_SSL_VERIFY` may hold in place of a file; code under audit could write a file of that name. */
const truthValue = /^(?:true|false|yes|no|on|off|[01]|truststore)$/i;

/**
 * The certificates that the user's variables name, in canonical PEM. Files that are missing, unreadable or no PEM are
 * passed over: they did not stop the command without proxaudit either.
 * @param seen identities of files whose certificates are not wanted again
 * @param skip a directory of `SSL_CERT_DIR` that need not be read
 */
export function readUserRoots(env: Variables, seen: Set<string>, skip?: string): string[] {
  const files = [...new Set(fileVariables.map((variable) => env[variable] ?? ''))].filter(
    (file) => file !== '' && !truthValue.test(file),
  );
  const directories = (env['SSL_CERT_DIR'] ?? '').split(':').filter((name) => name !== '' && name !== skip);
  return [...files, ...directories.slice(0, mostDirectories).flatMap(listCertificates)].flatMap((file) =>
    splitPem(readUnseen(file, seen) ?? ''),
  );
}

function listCertificates(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => certificateFile.test(name));
    return names.slice(0, mostDirectoryFiles).map((name) => join(directory, name));
  } catch {
    return [];
  }
}
