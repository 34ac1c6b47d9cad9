import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { AuditError } from '../support/errors.ts';
import { readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import { splitPem } from './pem.ts';
import { openPkcs12 } from './open-pkcs12.ts';
import type { Leaf } from './types.ts';

export interface ClientCertificateFiles {
  readonly certFile: string;
  /** Undefined: in the same file. */
  readonly keyFile: string | undefined;
}

const LARGEST_FILE = 1_000_000;
const PASSPHRASE = 'PROXAUDIT_CLIENT_CERT_PASSPHRASE';

/**
 * A certificate with its chain and key, from PEM files or one PKCS#12. No message tells anything of a key or passphrase.
 * @throws AuditError `bad-certificate` for what no server would take
 */
export function loadClientCertificate(
  { certFile, keyFile }: ClientCertificateFiles,
  passphrase: string | undefined,
): Leaf {
  const content = readBytes(certFile);
  const isPem = content.includes('-----BEGIN ');
  const { certificates, key } =
    isPem || keyFile !== undefined
      ? readPem(content, { certFile, keyFile, passphrase })
      : readPkcs12(content, certFile, passphrase);
  // The one that belongs to the key comes first, the rest of the chain after it.
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (own === undefined) {
    throw refuse(
      `The key ${keyFile ?? certFile} does not belong to the certificate ${certFile}.`,
      'Name the certificate and the key that were made together.',
    );
  }
  checkValidity(own, certFile);
  const chain = [own, ...certificates.filter((certificate) => certificate !== own)];
  return {
    certPem: chain.map(String).join(''),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

interface Parts {
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject;
}

interface PemSource extends ClientCertificateFiles {
  readonly passphrase: string | undefined;
}

function readPem(content: Buffer, { certFile, keyFile, passphrase }: PemSource): Parts {
  const certificates = parseAll(splitPem(content.toString('latin1')), certFile);
  const keyPem = (keyFile === undefined ? content : readBytes(keyFile)).toString('latin1');
  return { certificates, key: readKey(keyPem, keyFile ?? certFile, passphrase) };
}

function readKey(pem: string, file: string, passphrase: string | undefined): KeyObject {
  const isEncrypted = /^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (isEncrypted && passphrase === undefined) throw wantsPassphrase(file);
  try {
    return createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // The cause is left out: a parser's message could quote the key.
    if (isEncrypted) throw wrongPassphrase(file);
    throw refuse(
      `${file} holds no private key in PEM form.`,
      'Expected --client-cert HOST=FILE with certificate and key in one PEM or PKCS#12 file, or HOST=CERT,KEY.',
    );
  }
}

function readPkcs12(content: Buffer, file: string, passphrase: string | undefined): Parts {
  const opened = openPkcs12(content, passphrase ?? '');
  switch (opened) {
    case 'not-pkcs12':
      throw refuse(
        `${file} is neither PEM nor PKCS#12.`,
        'Expected a certificate and its key in one file, or --client-cert HOST=CERT,KEY with two PEM files.',
      );
    case 'wrong-passphrase':
      throw passphrase === undefined ? wantsPassphrase(file) : wrongPassphrase(file);
    case 'no-key':
      throw refuse(`The PKCS#12 ${file} holds no private key.`, 'Export it again, with its key.');
    default:
      return { certificates: parseAll(opened.certificates, file), key: opened.key };
  }
}

function parseAll(blocks: readonly (string | Buffer)[], file: string): X509Certificate[] {
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw refuse(`${file} holds a certificate that cannot be read.`, 'Export it again.', cause);
  }
  throw refuse(`${file} holds no certificate.`, 'Expected -----BEGIN CERTIFICATE-----, or a PKCS#12.');
}

function checkValidity({ validTo, validFrom }: X509Certificate, file: string): void {
  const now = Date.now();
  if (Date.parse(validTo) < now)
    throw refuse(`The client certificate ${file} expired on ${validTo}.`, 'Renew it, or leave it out.');
  if (Date.parse(validFrom) > now) {
    throw refuse(
      `The client certificate ${file} is not valid before ${validFrom}.`,
      "Check this machine's clock.",
    );
  }
}

function readBytes(file: string): Buffer {
  try {
    return readBounded(file, { maxBytes: LARGEST_FILE, isPipeRead: true });
  } catch (cause) {
    throw refuse(
      `the client certificate ${file} cannot be read: ${reasonOf(cause)}`,
      'Name a file that this user may read.',
    );
  }
}

function wantsPassphrase(file: string): AuditError {
  return refuse(`The key in ${file} is encrypted.`, `Put its passphrase into the variable ${PASSPHRASE}.`);
}

function wrongPassphrase(file: string): AuditError {
  return refuse(`The passphrase in ${PASSPHRASE} does not open ${file}.`, 'Correct it.');
}

function refuse(message: string, hint: string, cause?: unknown): AuditError {
  return new AuditError('bad-certificate', message, { hint, ...(cause === undefined ? {} : { cause }) });
}
