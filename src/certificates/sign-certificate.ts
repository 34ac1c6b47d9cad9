import { createHash, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bitString, childrenOf, contentOf, decode, encode, explicit, integer, nullValue } from './der.ts';
import { objectIdentifier, sequence, set, time, utf8String } from './der.ts';
import type { DerNode } from './der.ts';
import { toPem } from './pem.ts';

/** What a certificate says, before it is signed. */
export interface CertificateContents {
  readonly issuer: DerNode;
  readonly subject: DerNode;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly DerNode[];
}

interface SignatureAlgorithm {
  readonly digest: string;
  readonly identifier: DerNode;
}

const day = 86_400_000;

/** From a day ago, for clocks that disagree, until `days` from now. X.509 counts whole seconds. */
export function validFor(days: number): { notBefore: Date; notAfter: Date } {
  const now = Math.floor(Date.now() / 1000) * 1000;
  return { notBefore: new Date(now - day), notAfter: new Date(now + days * day) };
}

/** A name of one common name, and an organisation where one is given. Values longer than X.520's 64 characters are cut. */
export function distinguishedName(commonName: string, organisation?: string): DerNode {
  const attribute = (oid: string, value: string) =>
    set(sequence(objectIdentifier(oid), utf8String(value.slice(0, 64))));
  return sequence(
    ...(organisation === undefined ? [] : [attribute('2.5.4.10', organisation)]),
    attribute('2.5.4.3', commonName),
  );
}

/** RFC 5280 4.2.1.2, method 1: the SHA-1 of the public key's bits. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const bits = contentOf(childrenOf(decode(exportSpki(publicKey)))[1]);
  return createHash('sha1').update(bits.subarray(1)).digest();
}

/** The certificate as PEM, signed by `signer`: an RSA key or an EC key on P-256, P-384 or P-521. */
export function signCertificate(contents: CertificateContents, signer: KeyObject): string {
  const algorithm = algorithmFor(signer);
  const toBeSigned = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(randomSerial()),
    algorithm.identifier,
    contents.issuer,
    sequence(time(contents.notBefore), time(contents.notAfter)),
    contents.subject,
    decode(exportSpki(contents.publicKey)),
    explicit(3, sequence(...contents.extensions)),
  );
  const signature = sign(algorithm.digest, encode(toBeSigned), signer);
  return toPem(encode(sequence(toBeSigned, algorithm.identifier, bitString(signature))));
}

function exportSpki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** 16 random bytes, positive and without a leading zero. */
function randomSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** The digest that is as strong as the key; RFC 5758 for EC, RFC 4055 for RSA. */
function algorithmFor(signer: KeyObject): SignatureAlgorithm {
  if (signer.asymmetricKeyType === 'rsa') {
    return { digest: 'sha256', identifier: sequence(objectIdentifier('1.2.840.113549.1.1.11'), nullValue()) };
  }
  const [digest, oid] =
    signer.asymmetricKeyDetails?.namedCurve === 'secp384r1'
      ? ['sha384', '1.2.840.10045.4.3.3']
      : signer.asymmetricKeyDetails?.namedCurve === 'secp521r1'
        ? ['sha512', '1.2.840.10045.4.3.4']
        : ['sha256', '1.2.840.10045.4.3.2'];
  return { digest, identifier: sequence(objectIdentifier(oid)) };
}
