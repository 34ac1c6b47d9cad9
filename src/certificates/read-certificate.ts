import { X509Certificate } from 'node:crypto';
import { AuditError } from '../support/errors.ts';
import { readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import { MAX_PEM_BYTES, splitPem } from './pem.ts';

/**
 * The first certificate of a file in PEM or DER form.
 * @throws AuditError `bad-certificate` when there is none to be read.
 */
export function readCertificate(file: string): X509Certificate {
  const bytes = read(file);
  try {
    return new X509Certificate(splitPem(bytes.toString('latin1'))[0] ?? bytes);
  } catch (cause) {
    throw new AuditError('bad-certificate', `${file} holds no certificate`, {
      hint: 'Expected one in PEM form (-----BEGIN CERTIFICATE-----) or in DER form.',
      cause,
    });
  }
}

function read(file: string): Buffer {
  try {
    return readBounded(file, { maxBytes: MAX_PEM_BYTES, isPipeRead: true });
  } catch (cause) {
    throw new AuditError('bad-certificate', `the certificate ${file} cannot be read: ${reasonOf(cause)}`, {
      hint: 'Name a file that exists and that you may read.',
      cause,
    });
  }
}
