import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCa } from '../../src/certificates/load-ca.ts';
import type { CaFiles } from '../../src/certificates/load-ca.ts';
import { loadMkcertCa } from '../../src/certificates/mkcert.ts';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import { mintLeaf } from '../../src/certificates/mint-leaf.ts';
import { distinguishedName, signCertificate } from '../../src/certificates/sign-certificate.ts';
import { basicConstraints, keyUsage } from '../../src/certificates/extensions.ts';
import { AuditError } from '../../src/support/errors.ts';
import {
  isInstalled,
  missingPath,
  makeOddCa,
  makeOpensslCa,
  openssl,
  scratchDirectory,
  writeCa,
  writeIn,
} from './tools.ts';

function refusal(files: CaFiles): AuditError {
  try {
    loadCa(files);
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('loadCa', () => {
  it('loads what createRunCa made', () => {
    const ca = createRunCa('r');
    expect(loadCa(writeCa(ca.certPem, ca.keyPem))).toEqual(ca);
  });

  it('takes the certificate that belongs to the key from a file of several, with comments between', () => {
    const [ca, other] = [createRunCa('a'), createRunCa('b')];
    expect(loadCa(writeCa(`# others\n${other.certPem}# ours\r\n${ca.certPem}`, ca.keyPem)).certPem).toBe(
      ca.certPem,
    );
  });

  it('gives a key in SEC1 form as PKCS#8', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const name = distinguishedName('sec1');
    const dates = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 86_400_000) };
    const contents = {
      issuer: name,
      subject: name,
      publicKey,
      extensions: [basicConstraints(true)],
      ...dates,
    };
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    expect(sec1).toContain('BEGIN EC PRIVATE KEY');
    expect(loadCa(writeCa(signCertificate(contents, privateKey), sec1)).keyPem).toMatch(
      /^-----BEGIN PRIVATE KEY-----/,
    );
  });

  it('refuses a key that belongs to another certificate', () => {
    const error = refusal(writeCa(createRunCa('r').certPem, createRunCa('r').keyPem));
    expect(error.code).toBe('bad-certificate');
    expect(error.message).toMatch(/key\.pem does not belong to the certificate .*cert\.pem/);
    expect(error.hint).toBeDefined();
  });

  it('refuses an expired one and one that is not valid yet', () => {
    expect(refusal(makeOddCa(-9, -1)).message).toMatch(/expired on /);
    expect(refusal(makeOddCa(1, 9)).message).toMatch(/is not valid before /);
    expect(() => loadCa(makeOddCa(-1, 1))).not.toThrow();
  });

  it('refuses what is no CA, or a CA that may not sign certificates', () => {
    const ca = createRunCa('r');
    const leaf = mintLeaf(ca, 'a.example');
    expect(refusal(writeCa(leaf.certPem, leaf.keyPem)).message).toMatch(/not a CA's/);
    expect(refusal(makeOddCa(-1, 1, [basicConstraints(true), keyUsage('leaf')])).hint).toMatch(/keyCertSign/);
    expect(() => loadCa(makeOddCa(-1, 1, [basicConstraints(true)]))).not.toThrow();
  });

  it('refuses files that are missing, unreadable or something else', () => {
    const ca = createRunCa('r');
    const good = writeCa(ca.certPem, ca.keyPem);
    const missing = missingPath();
    for (const files of [
      { ...good, certFile: missing },
      { ...good, keyFile: missing },
    ])
      expect(refusal(files).message).toContain(`${missing} cannot be read: there is no such file`);
    const directory = scratchDirectory();
    mkdirSync(join(directory, 'folder'));
    expect(refusal({ ...good, certFile: join(directory, 'folder') }).message).toContain('it is a directory');
    expect(refusal(writeCa('hello', ca.keyPem)).message).toMatch(/holds no certificate in PEM form/);
    expect(refusal(writeCa(ca.certPem, 'hello')).message).toMatch(/holds no private key in PEM form/);
    expect(refusal(writeCa(ca.keyPem, ca.certPem)).message).toMatch(/holds no private key/);
    const damaged = ca.certPem.replace(
      /\n[A-Za-z0-9+/]{64}\n(?=[A-Za-z0-9+/]{64}\n)/,
      (line) => `\n${'A'.repeat(line.length - 2)}\n`,
    );
    expect(refusal(writeCa(damaged, ca.keyPem)).code).toBe('bad-certificate');
  });

  it.skipIf(process.getuid?.() === 0)('refuses a key that this user may not read (root may read any)', () => {
    const ca = createRunCa('r');
    const closed = writeCa(ca.certPem, ca.keyPem);
    chmodSync(closed.keyFile, 0);
    expect(refusal(closed).message).toContain('permission denied');
  });

  it('refuses an encrypted key without asking for its passphrase', () => {
    const { certPem } = createRunCa('r');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const options = { cipher: 'aes-256-cbc', passphrase: 'planted-passphrase', format: 'pem' } as const;
    for (const type of ['pkcs8', 'sec1'] as const) {
      const error = refusal(writeCa(certPem, privateKey.export({ ...options, type }).toString()));
      expect(error.message).toMatch(/is encrypted/);
      expect(error.hint).toContain('openssl pkey');
    }
  });

  it.each([
    ['ed25519', () => generateKeyPairSync('ed25519')],
    ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 })],
  ])('refuses a key of %s', (kind, generate) => {
    const keyPem = generate().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusal(writeCa(createRunCa('r').certPem, keyPem)).message).toContain(kind);
  });

  it('never quotes the key', () => {
    const { certPem, keyPem } = createRunCa('r');
    const secret = keyPem.split('\n')[1] ?? '';
    const error = refusal(writeCa(certPem, keyPem.replace('MIG', 'MIX')));
    expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain(
      secret.slice(8, 40),
    );
  });
});

describe('loadMkcertCa', () => {
  /** The files as mkcert leaves them. */
  function caRoot(...folders: string[]): { base: string; certPem: string } {
    const base = scratchDirectory();
    const root = join(base, ...folders);
    mkdirSync(root, { recursive: true });
    const ca = createRunCa('mkcert');
    writeIn(root, { 'rootCA.pem': ca.certPem, 'rootCA-key.pem': ca.keyPem });
    return { base, certPem: ca.certPem };
  }

  it("finds it where mkcert does: CAROOT, XDG_DATA_HOME, then the platform's data folder", () => {
    const named = caRoot();
    const xdg = caRoot('mkcert');
    const linux = caRoot('.local', 'share', 'mkcert');
    const mac = caRoot('Library', 'Application Support', 'mkcert');
    const load = (env: Record<string, string>, platform: NodeJS.Platform) =>
      loadMkcertCa(env, platform).certPem;
    expect(load({ CAROOT: named.base, XDG_DATA_HOME: xdg.base, HOME: linux.base }, 'linux')).toBe(
      named.certPem,
    );
    expect(load({ XDG_DATA_HOME: xdg.base, HOME: linux.base }, 'linux')).toBe(xdg.certPem);
    expect(load({ HOME: linux.base }, 'linux')).toBe(linux.certPem);
    expect(load({ HOME: mac.base }, 'darwin')).toBe(mac.certPem);
  });

  it('says how to make one when there is none', () => {
    const home = missingPath();
    const attempt = () => loadMkcertCa({ HOME: home }, 'linux');
    expect(attempt).toThrow(`no mkcert CA in ${home}/.local/share/mkcert`);
    expect(() => loadMkcertCa({}, 'linux')).toThrow(AuditError);
  });
});

describe.skipIf(!isInstalled('openssl', 'version'))("loadCa on OpenSSL's files (needs openssl)", () => {
  it('loads RSA and EC, and a certificate with its text before it', () => {
    const directory = scratchDirectory();
    const rsa = makeOpensslCa(directory, 'rsa', {
      key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
    });
    expect(loadCa(rsa).keyPem).toBe(readFileSync(rsa.keyFile, 'utf8'));
    const text = openssl('x509', '-in', rsa.certFile, '-text');
    writeIn(directory, { 'text.pem': text });
    expect(loadCa({ ...rsa, certFile: join(directory, 'text.pem') }).certPem).toBe(loadCa(rsa).certPem);
  });
});
