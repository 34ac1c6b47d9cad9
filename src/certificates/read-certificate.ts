import { X509Certificate } from 'node:crypto';
import { AuditError } from '../support/errors.ts';
import { splitPem } from './pem.ts';
import { readBounded } from './read-bounded.ts';

/**
 * The first certificate of a file in PEM or DER form.
 * @throws AuditError `bad-certificate` when there is none to be read.
 */
export function readCertificate(file: string): X509Certificate {
  const text = readBounded(file);
  if (text === undefined) {
    throw new AuditError('bad-certificate', `the certificate ${file} cannot be read`, {
      hint: 'Name a file that exists and that you may read.',
    });
  }
  try {
    return new X509Certificate(splitPem(text)[0] ?? Buffer.from(text, 'latin1'));
  } catch (cause) {
    throw new AuditError('bad-certificate', `${file} holds no certificate`, {
      hint: 'Expected one in PEM form (-----BEGIN CERTIFICATE-----) or in DER form.',
      cause,
    });
  }
}
