import { generateKeyPairSync } from 'node:crypto';
import { authorityKeyIdentifier, basicConstraints, keyUsage, subjectKeyIdentifier } from './extensions.ts';
import { distinguishedName, keyIdentifier, signCertificate, validFor } from './sign-certificate.ts';
import type { CertificateAuthority } from './types.ts';

const validDays = 7;

/**
 * A fresh audit CA on P-256 for one run, valid from a day ago until seven days ahead. Its key exists only in the
 * memory of whoever holds the result.
 */
export function createRunCa(runId: string): CertificateAuthority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = distinguishedName(`proxaudit run ${runId}`, 'proxaudit');
  const identifier = keyIdentifier(publicKey);
  const extensions = [
    basicConstraints(true),
    keyUsage('ca'),
    subjectKeyIdentifier(identifier),
    authorityKeyIdentifier(identifier),
  ];
  const contents = { issuer: name, subject: name, publicKey, extensions, ...validFor(validDays) };
  return {
    certPem: signCertificate(contents, privateKey),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
