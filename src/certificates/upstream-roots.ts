import { X509Certificate } from 'node:crypto';
import { AuditError } from '../support/errors.ts';
import { readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import { MAX_PEM_BYTES, splitPem } from './pem.ts';
import { nodeRoots, readSystemRoots } from './system-roots.ts';
import { readUserRoots } from './user-roots.ts';
import type { Variables } from './types.ts';

export interface UpstreamRootsOptions {
  readonly env: Variables;
  /** `--upstream-ca`: unlike the files that variables name, it must be readable and hold certificates. */
  readonly upstreamCaFile?: string | undefined;
}

/**
 * All roots that upstream certificates are verified against, one PEM each: Node's, the system's, those that the user's
 * variables name, and the given file.
 * @throws AuditError `bad-certificate` when the given file cannot be used.
 */
export function readUpstreamRoots({ env, upstreamCaFile }: UpstreamRootsOptions): string[] {
  const named = upstreamCaFile === undefined ? [] : readUpstreamCa(upstreamCaFile);
  const seen = new Set<string>();
  const system = splitPem(readSystemRoots(seen)?.text ?? '');
  const roots = [...named, ...system, ...readUserRoots(env, seen), ...nodeRoots()];
  return [...new Set(roots)];
}

/** The certificates of the file of `--upstream-ca`. */
export function readUpstreamCa(file: string): string[] {
  let pems: string[];
  try {
    pems = splitPem(readBounded(file, { maxBytes: MAX_PEM_BYTES }).toString('latin1'));
    for (const pem of pems) new X509Certificate(pem);
  } catch (error) {
    throw refuse(`the upstream CA ${file} cannot be read: ${reasonOf(error)}`, error);
  }
  if (pems.length === 0) throw refuse(`the upstream CA ${file} holds no certificate in PEM form`);
  return pems;
}

function refuse(message: string, cause?: unknown): AuditError {
  const hint = 'Name a readable file with -----BEGIN CERTIFICATE-----.';
  return new AuditError('bad-certificate', message, { hint, cause });
}
