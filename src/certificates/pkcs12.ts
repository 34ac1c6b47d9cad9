import { createHash, createHmac, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import pbe from 'node-forge/lib/pbe.js';
import sha256 from 'node-forge/lib/sha256.js';
import util from 'node-forge/lib/util.js';
import {
  bmpString,
  decode,
  encode,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  set,
  type DerNode,
} from './der.ts';

export interface Pkcs12Contents {
  readonly certPem: string;
  /** Goes with it, encrypted. */
  readonly keyPem?: string | undefined;
  /** As it is listed. */
  readonly name: string;
}

const OID = {
  data: '1.2.840.113549.1.7.1',
  keyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  /** The JDK's: without it a certificate alone is no entry to keytool. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
  anyUsage: '2.5.29.37.0',
  sha256: '2.16.840.1.101.3.4.2.1',
};
const ITERATIONS = 10_000;
/** The same as big-endian bytes. */
const ITERATION_BYTES = Uint8Array.of(0x27, 0x10);
const SALT_BYTES = 16;
const MAC_BYTES = 32;

/**
 * A PKCS#12 (RFC 7292). node-forge's own writer reads no EC certificate and makes no entries for Java, so only its key
 * derivation is used.
 * @param password printable ASCII
 */
export function encodePkcs12({ certPem, keyPem, name }: Pkcs12Contents, password: string): Buffer {
  const { raw } = new X509Certificate(certPem);
  const keyId = createHash('sha1').update(raw).digest();
  const label = attribute(OID.friendlyName, bmpString(name));
  const link = attribute(OID.localKeyId, octetString(keyId));
  const trust = attribute(OID.trustedKeyUsage, objectIdentifier(OID.anyUsage));
  const value = sequence(objectIdentifier(OID.x509), explicit(0, octetString(raw)));
  const certificate = bag(OID.certBag, value, [label, keyPem === undefined ? trust : link]);
  const key = keyPem === undefined ? [] : [bag(OID.keyBag, encryptKey(keyPem, password), [label, link])];
  const safes = [...key, certificate].map((each) => data(encode(sequence(each))));
  const authenticated = encode(sequence(...safes));
  return encode(
    sequence(integer(Uint8Array.of(3)), data(authenticated), messageCode(authenticated, password)),
  );
}

function data(content: Buffer): DerNode {
  return sequence(objectIdentifier(OID.data), explicit(0, octetString(content)));
}

function bag(type: string, value: DerNode, attributes: readonly DerNode[]): DerNode {
  return sequence(objectIdentifier(type), explicit(0, value), set(...attributes));
}

function attribute(type: string, value: DerNode): DerNode {
  return sequence(objectIdentifier(type), set(value));
}

function encryptKey(keyPem: string, password: string): DerNode {
  const key = createPrivateKey(keyPem);
  return decode(key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password }));
}

function messageCode(authenticated: Buffer, password: string): DerNode {
  const salt = randomBytes(SALT_BYTES);
  const saltBuffer = util.createBuffer(salt.toString('latin1'));
  const key = pbe.generatePkcs12Key(password, saltBuffer, 3, ITERATIONS, MAC_BYTES, sha256.create());
  const mac = createHmac('sha256', Buffer.from(key.getBytes(), 'latin1')).update(authenticated).digest();
  const algorithm = sequence(objectIdentifier(OID.sha256), nullValue());
  return sequence(sequence(algorithm, octetString(mac)), octetString(salt), integer(ITERATION_BYTES));
}
