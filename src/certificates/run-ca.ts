import { createCa } from './create-ca.ts';
import type { CertificateAuthority } from './types.ts';

const validDays = 7;

/**
 * A fresh audit CA on P-256 for one run, valid from a day ago until seven days ahead. Its key exists only in the
 * memory of whoever holds the result.
 */
export function createRunCa(runId: string): CertificateAuthority {
  return createCa({ name: `proxaudit run ${runId}`, days: validDays, keyType: 'ec' });
}
