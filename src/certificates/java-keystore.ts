import { createHash } from 'node:crypto';

/** JKS, the format of sun.security.provider.JavaKeyStore: 0xFEEDFEED, a version, a count, entries, a digest. */
const magic = 0xfeedfeed;
const version = 2;
const trustedEntry = 2;
/** Mixed into the digest by the JDK; a fixed text of that class. */
const salt = 'Mighty Aphrodite';
const certificateType = 'X.509';
/** Entry tag, two text lengths, the date, the type and the certificate's length. */
const entryOverhead = 4 + 2 + 2 + 8 + certificateType.length + 4;
const mostEntries = 10_000;

export interface TrustedCertificate {
  readonly alias: string;
  readonly der: Buffer;
}

/** A JKS of trusted certificates. Aliases must be distinct, in lower-case ASCII; they are listed by `keytool -list`. */
export function encodeJks(certificates: readonly TrustedCertificate[], password: string): Buffer {
  const size = certificates.reduce(
    (sum, { alias, der }) => sum + entryOverhead + alias.length + der.length,
    12,
  );
  const store = Buffer.alloc(size);
  const created = BigInt(Date.now());
  let at = writeUint32s(store, 0, [magic, version, certificates.length]);
  for (const { alias, der } of certificates) {
    at = writeUint32s(store, at, [trustedEntry]);
    at = store.writeBigInt64BE(created, writeText(store, at, alias));
    at = writeUint32s(store, writeText(store, at, certificateType), [der.length]);
    at += der.copy(store, at);
  }
  return Buffer.concat([store, digest(store, password)]);
}

function writeUint32s(store: Buffer, at: number, values: readonly number[]): number {
  return values.reduce((position, value) => store.writeUInt32BE(value, position), at);
}

/** java.io.DataOutput's writeUTF, for ASCII. */
function writeText(store: Buffer, at: number, text: string): number {
  const start = store.writeUInt16BE(text.length, at);
  return start + store.write(text, start, 'ascii');
}

/** The trusted certificates of a JKS; undefined when it is none, or holds anything else (a private key). */
export function decodeJks(store: Buffer): Buffer[] | undefined {
  try {
    return readEntries(store);
  } catch {
    // A length led beyond the end: damaged, or not a JKS.
    return undefined;
  }
}

function readEntries(store: Buffer): Buffer[] | undefined {
  const count = store.readUInt32BE(8);
  if (store.readUInt32BE(0) !== magic || store.readUInt32BE(4) !== version || count > mostEntries)
    return undefined;
  const found: Buffer[] = [];
  let at = 12;
  for (let entry = 0; entry < count; entry += 1) {
    if (store.readUInt32BE(at) !== trustedEntry) return undefined;
    at = skipUtf(store, at + 4) + 8;
    at = skipUtf(store, at);
    const end = at + 4 + store.readUInt32BE(at);
    if (end > store.length) return undefined;
    found.push(store.subarray(at + 4, end));
    at = end;
  }
  return found;
}

function skipUtf(store: Buffer, at: number): number {
  return at + 2 + store.readUInt16BE(at);
}

/** PKCS#12 object identifier x509Certificate (1.2.840.113549.1.9.22.1), as DER. */
const certificateBag = Buffer.from('060a2a864886f70d01091601', 'hex');

/**
 * The certificates of a PKCS#12 without a password, as the JDK ships its cacerts since 18; undefined when there are
 * none to be seen, because it is encrypted or something else.
 */
export function decodePlainPkcs12(store: Buffer): Buffer[] | undefined {
  const found: Buffer[] = [];
  let at = store.indexOf(certificateBag);
  while (at >= 0 && found.length < mostEntries) {
    // CertBag: the identifier, then [0] around an OCTET STRING around the certificate.
    const tagged = contentOf(store.subarray(at + certificateBag.length), 0xa0);
    const der = contentOf(tagged, 0x04);
    if (der !== undefined) found.push(der);
    at = store.indexOf(certificateBag, at + certificateBag.length);
  }
  return found.length > 0 ? found : undefined;
}

/** The content of the DER element at the start, if it has this tag and is all there. */
function contentOf(bytes: Buffer | undefined, tag: number): Buffer | undefined {
  if (bytes === undefined || bytes.length < 2 || bytes[0] !== tag) return undefined;
  const first = bytes.readUInt8(1);
  if (first < 0x80) return bytes.length >= 2 + first ? bytes.subarray(2, 2 + first) : undefined;
  const size = first & 0x7f;
  if (size < 1 || size > 4 || bytes.length < 2 + size) return undefined;
  const end = 2 + size + bytes.readUIntBE(2, size);
  return end <= bytes.length ? bytes.subarray(2 + size, end) : undefined;
}

/** SHA-1 over the password in UTF-16BE, the salt and the store: what keytool checks with `-storepass`. */
function digest(store: Buffer, password: string): Buffer {
  const utf16 = Buffer.from(password, 'utf16le').swap16();
  return createHash('sha1').update(utf16).update(salt, 'utf8').update(store).digest();
}
