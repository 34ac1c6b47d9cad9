import type { X509Certificate } from 'node:crypto';
import { childrenOf, contentOf, decode, isExplicit, oidOf } from './der.ts';
import type { DerNode } from './der.ts';

/** The parts of a certificate that node:crypto does not show. */
export interface CertificateParts {
  readonly subject: DerNode;
  readonly subjectKeyIdentifier: Buffer | undefined;
}

export function parseCertificate(certificate: X509Certificate): CertificateParts {
  const fields = childrenOf(childrenOf(decode(certificate.raw))[0]).filter((node) => !isExplicit(node, 0));
  // serial, signature algorithm, issuer, validity, subject
  const subject = fields[4];
  if (subject === undefined) throw new Error('a certificate without a subject field');
  const extensions = childrenOf(childrenOf(fields.find((node) => isExplicit(node, 3)))[0]);
  const identifier = extensions.find((extension) => oidOf(childrenOf(extension)[0]) === '2.5.29.14');
  if (identifier === undefined) return { subject, subjectKeyIdentifier: undefined };
  // The extension's value is an OCTET STRING inside an OCTET STRING.
  const value = contentOf(childrenOf(identifier).at(-1));
  return { subject, subjectKeyIdentifier: contentOf(decode(value)) };
}
