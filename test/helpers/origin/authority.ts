import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import forge from 'node-forge';

export interface Leaf {
  /** PEM; `cert` holds the whole chain that a server sends. */
  readonly key: string;
  readonly cert: string;
}

interface LeafOptions {
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A throw-away certificate authority. `file` holds its certificate as PEM. */
export interface Authority {
  readonly pem: string;
  readonly file: string;
  issue(options: LeafOptions): Leaf;
  /** An authority below this one; its leaves do not carry the intermediate certificate when `hidden`. */
  intermediate(hidden: boolean): Pick<Authority, 'issue'>;
}

interface KeyPair {
  readonly publicKey: forge.pki.rsa.PublicKey;
  readonly privateKey: forge.pki.rsa.PrivateKey;
}

interface Issuer {
  readonly subject: forge.pki.CertificateField[];
  readonly keys: KeyPair;
}

const day = 86_400_000;
const subjectOf = (name: string): forge.pki.CertificateField[] => [{ name: 'commonName', value: name }];

function createKeys(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(publicKey),
    privateKey: forge.pki.privateKeyFromPem(privateKey),
  };
}

function createCertificate(
  subject: Issuer,
  issuer: Issuer,
  options: Partial<LeafOptions>,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = subject.keys.publicKey;
  // Positive, and without a padding that DER forbids.
  certificate.serialNumber = `01${randomBytes(12).toString('hex')}`;
  certificate.validity.notBefore = options.notBefore ?? new Date(Date.now() - day);
  certificate.validity.notAfter = options.notAfter ?? new Date(Date.now() + 30 * day);
  certificate.setSubject(subject.subject);
  certificate.setIssuer(issuer.subject);
  certificate.setExtensions(extensionsFor(options.names));
  certificate.sign(issuer.keys.privateKey, forge.md.sha256.create());
  return certificate;
}

function extensionsFor(names: readonly string[] | undefined): object[] {
  if (names === undefined) {
    return [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ];
  }
  const altNames = names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name }));
  return [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames },
  ];
}

function issuerOf(issuer: Issuer, leafKeys: KeyPair, chain: string): Pick<Authority, 'issue'> {
  return {
    issue(options) {
      const subject = { subject: subjectOf(options.names[0] ?? 'nameless'), keys: leafKeys };
      const cert = forge.pki.certificateToPem(createCertificate(subject, issuer, options));
      return { key: forge.pki.privateKeyToPem(leafKeys.privateKey), cert: cert + chain };
    },
  };
}

/** Makes a new authority and writes its certificate to `directory`/`name`.pem. */
export function createAuthority(directory: string, name = 'test-authority'): Authority {
  const root: Issuer = {
    subject: subjectOf(`${name} ${randomBytes(4).toString('hex')}`),
    keys: createKeys(),
  };
  const leafKeys = createKeys();
  const pem = forge.pki.certificateToPem(createCertificate(root, root, {}));
  const file = join(directory, `${name}.pem`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, pem);
  return {
    pem,
    file,
    ...issuerOf(root, leafKeys, ''),
    intermediate(hidden) {
      const issuer: Issuer = { subject: subjectOf(`${name} intermediate`), keys: createKeys() };
      const certificate = forge.pki.certificateToPem(createCertificate(issuer, root, {}));
      return issuerOf(issuer, leafKeys, hidden ? '' : certificate);
    },
  };
}

/** A certificate that nobody but itself vouches for. */
export function selfSigned(names: readonly string[]): Leaf {
  const self: Issuer = { subject: subjectOf(names[0] ?? 'nameless'), keys: createKeys() };
  const cert = forge.pki.certificateToPem(createCertificate(self, self, { names }));
  return { key: forge.pki.privateKeyToPem(self.keys.privateKey), cert };
}
