import type { X509Certificate } from 'node:crypto';
import { childrenOf, contentOf, decode, isExplicit, oidOf } from './der.ts';
import type { DerNode } from './der.ts';

/** The parts of a certificate that node:crypto does not show. */
export interface CertificateParts {
  readonly subject: DerNode;
  readonly subjectKeyIdentifier: Buffer | undefined;
  /** Certificates that may stand between it and a leaf's CA; undefined: any number. */
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
  const fields = childrenOf(childrenOf(decode(certificate.raw))[0]).filter((node) => !isExplicit(node, 0));
  // serial, signature algorithm, issuer, validity, subject
  const subject = fields[4];
  if (subject === undefined) throw new Error('a certificate without a subject field');
  const extensions = childrenOf(childrenOf(fields.find((node) => isExplicit(node, 3)))[0]);
  /** The extension's value, which stands inside an OCTET STRING. */
  const valueOf = (oid: string): DerNode | undefined => {
    const extension = extensions.find((node) => oidOf(childrenOf(node)[0]) === oid);
    return extension === undefined ? undefined : decode(contentOf(childrenOf(extension).at(-1)));
  };
  const identifier = valueOf('2.5.29.14');
  const usage = valueOf('2.5.29.15');
  const pathLength = childrenOf(valueOf('2.5.29.19'))[1];
  return {
    subject,
    subjectKeyIdentifier: identifier === undefined ? undefined : contentOf(identifier),
    pathLength: pathLength === undefined ? undefined : Number(`0x${contentOf(pathLength).toString('hex')}`),
    keyUsages: usage === undefined ? undefined : namesOf(contentOf(usage)),
  };
}

/** The first byte of a bit string says how many bits at its end do not count; those are zero. */
function namesOf(bitString: Buffer): string[] {
  const bits = bitString.subarray(1);
  return usageNames.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}
