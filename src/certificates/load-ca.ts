import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AuditError } from '../support/errors.ts';
import { readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import { splitPem } from './pem.ts';
import type { CertificateAuthority } from './types.ts';

export interface CaFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
/** Below this, clients refuse the chain whatever they trust. */
const shortestRsaKey = 2048;
const largestFile = 1_000_000;

/**
 * The CA that the user names. Where the certificate file holds several, the one that belongs to the key is taken.
 * @throws AuditError `bad-certificate` for everything that would make clients refuse it.
 */
export function loadCa({ certFile, keyFile }: CaFiles): CertificateAuthority {
  const key = readKey(keyFile);
  const certificate = readCertificate(certFile, keyFile, key);
  checkValidity(certificate, certFile);
  checkIsCa(certificate, certFile);
  return {
    certPem: certificate.toString(),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function refuse(message: string, hint: string, cause?: unknown): AuditError {
  return new AuditError('bad-certificate', message, { hint, cause });
}

function readText(file: string, what: string): string {
  try {
    return readBounded(file, { maxBytes: largestFile, isPipeRead: true }).toString('latin1');
  } catch (error) {
    throw refuse(
      `the ${what} ${file} cannot be read: ${reasonOf(error)}`,
      'Name a PEM file that this user may read.',
      error,
    );
  }
}

function readKey(file: string): KeyObject {
  const pem = readText(file, 'CA key');
  if (/^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    throw refuse(
      `The CA key ${file} is encrypted, and proxaudit asks for no passphrase.`,
      `Decrypt it first: openssl pkey -in ${file} -out decrypted-key.pem`,
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause is left out: a parser's message could quote the key.
    throw refuse(
      `${file} holds no private key in PEM form.`,
      'Expected a file with -----BEGIN PRIVATE KEY-----.',
    );
  }
  checkKeyKind(key, file);
  return key;
}

function checkKeyKind(key: KeyObject, file: string): void {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const hint = 'Expected RSA of at least 2048 bits, or EC on P-256, P-384 or P-521.';
  if (key.asymmetricKeyType === 'rsa') {
    if ((modulusLength ?? 0) >= shortestRsaKey) return;
    throw refuse(`The CA key ${file} has only ${modulusLength ?? 0} bits.`, hint);
  }
  if (key.asymmetricKeyType === 'ec' && curves.has(namedCurve ?? '')) return;
  const kind = namedCurve ?? key.asymmetricKeyType ?? 'unknown';
  throw refuse(`The CA key ${file} is of a kind that cannot be used here: ${kind}.`, hint);
}

function readCertificate(file: string, keyFile: string, key: KeyObject): X509Certificate {
  const blocks = splitPem(readText(file, 'CA certificate'));
  if (blocks.length === 0) {
    throw refuse(
      `${file} holds no certificate in PEM form.`,
      'Expected -----BEGIN CERTIFICATE-----; convert DER with: openssl x509 -inform der -in FILE -out ca.pem',
    );
  }
  let certificates: X509Certificate[];
  try {
    certificates = blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw refuse(
      `${file} holds a certificate that cannot be read.`,
      'Export it again from where it came.',
      error,
    );
  }
  const matching = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (matching !== undefined) return matching;
  throw refuse(
    `The key ${keyFile} does not belong to the certificate ${file}.`,
    'Name the certificate and the key that were made together.',
  );
}

function checkValidity(certificate: X509Certificate, file: string): void {
  if (Date.parse(certificate.validTo) < Date.now()) {
    throw refuse(
      `The CA certificate ${file} expired on ${certificate.validTo}.`,
      'Renew it, or leave it out.',
    );
  }
  if (Date.parse(certificate.validFrom) > Date.now()) {
    throw refuse(
      `The CA certificate ${file} is not valid before ${certificate.validFrom}.`,
      "Check this machine's clock, or use another CA.",
    );
  }
}

/** Node asks OpenSSL, which looks at basicConstraints and at keyUsage. */
function checkIsCa(certificate: X509Certificate, file: string): void {
  if (certificate.ca) return;
  throw refuse(
    `The certificate ${file} may not sign certificates: it is not a CA's.`,
    'Expected basicConstraints CA:TRUE and, where there is a keyUsage, keyCertSign.',
  );
}
