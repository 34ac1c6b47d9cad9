import type { X509Certificate } from 'node:crypto';
import { childrenOf, contentOf, decode, isExplicit, oidOf } from './der.ts';
import type { DerNode } from './der.ts';

/** The parts of a certificate that node:crypto does not show. */
export interface CertificateParts {
  readonly issuer: DerNode;
  readonly subject: DerNode;
  readonly subjectAlternativeName: DerNode | undefined;
  readonly subjectKeyIdentifier: Buffer | undefined;
}

export interface Constraints {
  /** CAs that may stand between it and a leaf; undefined: any number. */
  readonly pathLength: number | undefined;
  /** Names of RFC 5280 4.2.1.3; undefined: not restricted. */
  readonly keyUsages: readonly string[] | undefined;
}

const usageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

export function parseCertificate(certificate: X509Certificate): CertificateParts {
  // serial, signature algorithm, issuer, validity, subject
  const [, , issuer, , subject] = fieldsOf(certificate);
  if (issuer === undefined || subject === undefined) throw new Error('a certificate without a subject field');
  const identifier = findExtension(certificate, '2.5.29.14');
  return {
    issuer,
    subject,
    subjectAlternativeName: findExtension(certificate, '2.5.29.17'),
    subjectKeyIdentifier: identifier === undefined ? undefined : contentOf(identifier),
  };
}

export function parseConstraints(certificate: X509Certificate): Constraints {
  const usage = findExtension(certificate, '2.5.29.15');
  // CA or not, then the length.
  const pathLength = childrenOf(findExtension(certificate, '2.5.29.19'))[1];
  return {
    pathLength: pathLength === undefined ? undefined : Number(`0x${contentOf(pathLength).toString('hex')}`),
    keyUsages: usage === undefined ? undefined : namesOf(contentOf(usage)),
  };
}

function fieldsOf(certificate: X509Certificate): DerNode[] {
  return childrenOf(childrenOf(decode(certificate.raw))[0]).filter((node) => !isExplicit(node, 0));
}

/** The extension's value, which stands inside an OCTET STRING. */
function findExtension(certificate: X509Certificate, oid: string): DerNode | undefined {
  const extensions = childrenOf(childrenOf(fieldsOf(certificate).find((node) => isExplicit(node, 3)))[0]);
  const extension = extensions.find((node) => oidOf(childrenOf(node)[0]) === oid);
  return extension === undefined ? undefined : decode(contentOf(childrenOf(extension).at(-1)));
}

/** The first byte of a bit string says how many bits at its end do not count; those are zero. */
function namesOf(bitString: Buffer): string[] {
  const bits = bitString.subarray(1);
  return usageNames.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}
