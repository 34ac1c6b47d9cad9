import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { encode } from './der.ts';
import { basicConstraints, extension, keyUsage, serverAuthUsage } from './extensions.ts';
import { parseCertificate } from './parse-certificate.ts';
import { signCertificate } from './sign-certificate.ts';
import type { Leaf } from './types.ts';

/**
 * A server certificate with the faults of one that is not accepted: its names and dates, and no signature that anybody
 * trusts. Who verifies rejects it as that one; who does not goes on.
 * @param certificate in DER
 */
export function mintFaultyLeaf(certificate: Buffer): Leaf {
  const original = new X509Certificate(certificate);
  const { issuer, subject, subjectAlternativeName } = parseCertificate(original);
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isSelfSigned = encode(issuer).equals(encode(subject));
  const signer = isSelfSigned ? own : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const contents = {
    issuer,
    subject,
    publicKey: own.publicKey,
    notBefore: new Date(original.validFrom),
    notAfter: new Date(original.validTo),
    extensions: [
      basicConstraints(false),
      keyUsage('leaf'),
      serverAuthUsage(),
      ...(subjectAlternativeName === undefined
        ? []
        : [extension('2.5.29.17', false, subjectAlternativeName)]),
    ],
  };
  return {
    certPem: signCertificate(contents, signer.privateKey),
    keyPem: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
