import { generateKeyPairSync } from 'node:crypto';
import { authorityKeyIdentifier, basicConstraints, keyUsage, subjectKeyIdentifier } from './extensions.ts';
import { distinguishedName, keyIdentifier, signCertificate, validFor } from './sign-certificate.ts';
import type { CertificateAuthority } from './types.ts';

export interface NewCa {
  readonly name: string;
  /** From a day ago. */
  readonly days: number;
  readonly keyType: 'ec' | 'rsa';
}

const RSA_BITS = 3072;

/** A fresh CA: on P-256, or RSA for clients that know nothing else. */
export function createCa({ name, days, keyType }: NewCa): CertificateAuthority {
  const { publicKey, privateKey } =
    keyType === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  const subject = distinguishedName(name, 'proxaudit');
  const identifier = keyIdentifier(publicKey);
  const extensions = [
    basicConstraints(true),
    keyUsage('ca'),
    subjectKeyIdentifier(identifier),
    authorityKeyIdentifier(identifier),
  ];
  const contents = { issuer: subject, subject, publicKey, extensions, ...validFor(days) };
  return {
    certPem: signCertificate(contents, privateKey),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
