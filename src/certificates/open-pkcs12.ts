import { createPrivateKey, type KeyObject } from 'node:crypto';
import codec, { type Asn1 } from 'node-forge/lib/asn1.js';
import pkcs12, { type Bag } from 'node-forge/lib/pkcs12.js';
import pki from 'node-forge/lib/x509.js';

/** Exporters do not all write DER to the letter. */
const LENIENT = { strict: false, parseAllBytes: false, decodeBitStrings: true };

export interface Pkcs12Parts {
  /** DER. */
  readonly certificates: readonly Buffer[];
  readonly key: KeyObject;
}

/** What a PKCS#12 holds: node-forge reads old encryption too, and passes on keys of kinds that it does not know. */
export function openPkcs12(
  content: Buffer,
  passphrase: string,
): Pkcs12Parts | 'not-pkcs12' | 'wrong-passphrase' | 'no-key' {
  let asn1: Asn1;
  try {
    asn1 = codec.fromDer(content.toString('latin1'), LENIENT);
  } catch {
    return 'not-pkcs12';
  }
  try {
    const { safeContents } = pkcs12.pkcs12FromAsn1(asn1, passphrase);
    const bags = safeContents.flatMap(({ safeBags }) => safeBags);
    const key = bags.map(keyOf).find((found) => found !== undefined);
    return key === undefined ? 'no-key' : { certificates: bags.flatMap(certificateOf), key };
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return /password|MAC|decrypt/i.test(message) ? 'wrong-passphrase' : 'not-pkcs12';
  }
}

function keyOf({ type, key, asn1 }: Bag): KeyObject | undefined {
  const { keyBag, pkcs8ShroudedKeyBag } = pki.oids;
  if (type !== keyBag && type !== pkcs8ShroudedKeyBag) return undefined;
  if (key) return createPrivateKey(pki.privateKeyToPem(key));
  return asn1 === undefined
    ? undefined
    : createPrivateKey({ key: derOf(asn1), format: 'der', type: 'pkcs8' });
}

function certificateOf({ type, cert, asn1 }: Bag): Buffer[] {
  if (type !== pki.oids.certBag) return [];
  const found = cert ? pki.certificateToAsn1(cert) : asn1;
  return found === undefined ? [] : [derOf(found)];
}

function derOf(asn1: Asn1): Buffer {
  return Buffer.from(codec.toDer(asn1).getBytes(), 'latin1');
}
