import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, connect } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadCa } from '../../src/certificates/load-ca.ts';
import { mintLeaf } from '../../src/certificates/mint-leaf.ts';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import type { CertificateAuthority, Leaf } from '../../src/certificates/types.ts';
import { AuditError } from '../../src/support/errors.ts';
import { isInstalled, makeOpensslCa, openssl, scratchDirectory, writeIn } from './tools.ts';

const hasOpenssl = isInstalled('openssl', 'version');

function verifyStrictly(ca: CertificateAuthority, leaf: Leaf): string {
  const files = writeIn(scratchDirectory(), { 'ca.pem': ca.certPem, 'leaf.pem': leaf.certPem });
  return openssl(
    ...['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', files['ca.pem'] ?? ''],
    files['leaf.pem'] ?? '',
  );
}

/** What a real client says of the leaf: 'accepted', or the code of its refusal. */
async function handshake(ca: CertificateAuthority, leaf: Leaf, host: string): Promise<string> {
  const server = createServer({ cert: leaf.certPem, key: leaf.keyPem }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', ca: ca.certPem, ...nameOption(host) });
  const outcome = await new Promise<string>((resolve) => {
    client.once('secureConnect', () => {
      resolve('accepted');
    });
    client.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? 'refused');
    });
  });
  client.destroy();
  return outcome;
}

function nameOption(host: string): { servername?: string; host?: string } {
  return /^[\d.]+$|:/.test(host) ? { host } : { servername: host };
}

describe('mintLeaf', () => {
  it('is accepted for its own name and refused for another', async () => {
    const ca = createRunCa('r');
    const leaf = mintLeaf(ca, 'Registry.Example.');
    expect(await handshake(ca, leaf, 'registry.example')).toBe('accepted');
    expect(await handshake(ca, leaf, 'other.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await handshake(createRunCa('r'), leaf, 'registry.example')).not.toBe('accepted');
  });

  it('names an address as an address', async () => {
    const ca = createRunCa('r');
    expect(await handshake(ca, mintLeaf(ca, '127.0.0.1'), '127.0.0.1')).toBe('accepted');
    expect(await handshake(ca, mintLeaf(ca, '192.0.2.1'), '127.0.0.1')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    const six = new X509Certificate(mintLeaf(ca, '[2001:db8::1]').certPem);
    expect(six.subjectAltName).toBe('IP Address:2001:DB8:0:0:0:0:0:1');
  });

  it('has a key of its own on P-256, and the identifiers and usages of a server', () => {
    const ca = createRunCa('r');
    const { certPem, keyPem } = mintLeaf(ca, 'registry.example');
    const leaf = new X509Certificate(certPem);
    expect(leaf.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.checkIssued(new X509Certificate(ca.certPem))).toBe(true);
    expect(leaf.subjectAltName).toBe('DNS:registry.example');
  });

  it('leaves the subject empty, and the alternative name critical, for a name that is too long', () => {
    const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
    const leaf = new X509Certificate(mintLeaf(createRunCa('r'), name).certPem);
    // Node gives undefined for an empty name.
    expect(leaf.subject as string | undefined).toBeUndefined();
    expect(leaf.subjectAltName).toBe(`DNS:${name}`);
  });

  it.each([
    '',
    '.',
    'a b',
    'x\n',
    'ü.example',
    'a'.repeat(300),
    'a..b',
    '[::1',
    'x,DNS:other.example',
    '*.example',
  ])('refuses %j', (host) => {
    const ca = createRunCa('r');
    expect(() => mintLeaf(ca, host)).toThrow(AuditError);
  });
});

describe.skipIf(!hasOpenssl)('mintLeaf, judged by OpenSSL in strict mode (needs openssl)', () => {
  it.each(['registry.example', '192.0.2.7', '2001:db8::7', `${'a'.repeat(63)}.${'b'.repeat(63)}.example`])(
    'accepts %s',
    (host) => {
      const ca = createRunCa('r');
      expect(verifyStrictly(ca, mintLeaf(ca, host))).toContain(': OK');
    },
  );

  it.each([
    ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], 'sha256WithRSAEncryption'],
    ['P-256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'ecdsa-with-SHA256'],
    ['P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'ecdsa-with-SHA384'],
    ['P-521', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'], 'ecdsa-with-SHA512'],
  ])("signs with a user's CA on %s", async (_name, key, algorithm) => {
    const subject = '/C=CH/O=Ex\\/ample Ünited/OU=A+OU=B/CN=Corporate Root';
    const ca = loadCa(makeOpensslCa(scratchDirectory(), 'corporate', { key, subject }));
    const leaf = mintLeaf(ca, 'registry.example');
    expect(verifyStrictly(ca, leaf)).toContain(': OK');
    expect(await handshake(ca, leaf, 'registry.example')).toBe('accepted');
    const { 'leaf.pem': file = '' } = writeIn(scratchDirectory(), { 'leaf.pem': leaf.certPem });
    expect(openssl('x509', '-in', file, '-noout', '-text')).toContain(algorithm);
  });

  it("repeats the issuer's name byte for byte, whatever its string types", () => {
    const directory = scratchDirectory();
    const files = makeOpensslCa(directory, 'odd', {
      subject: '/O=Teletex Ünïted/emailAddress=a@b.example/CN=odd',
    });
    const ca = loadCa(files);
    const { 'leaf.pem': leaf = '' } = writeIn(directory, { 'leaf.pem': mintLeaf(ca, 'a.example').certPem });
    const nameHash = (file: string, of: string) =>
      openssl('x509', '-in', file, '-noout', '-nameopt', 'dump_der', of);
    expect(nameHash(leaf, '-issuer').replace('issuer', 'subject')).toBe(nameHash(files.certFile, '-subject'));
  });

  it('is never valid for longer than its CA', () => {
    const ca = loadCa(makeOpensslCa(scratchDirectory(), 'brief', { days: 1 }));
    const [issuer, leaf] = [ca, mintLeaf(ca, 'a.example')].map(({ certPem }) => new X509Certificate(certPem));
    expect(leaf?.validFrom).toBe(issuer?.validFrom);
    expect(leaf?.validTo).toBe(issuer?.validTo);
  });

  it("works with a CA that carries no key identifier, as mkcert's older ones", () => {
    const files = makeOpensslCa(scratchDirectory(), 'plain', {
      extensions: ['basicConstraints=critical,CA:TRUE', 'subjectKeyIdentifier=none'],
    });
    const ca = loadCa(files);
    expect(readFileSync(files.certFile, 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(
      new X509Certificate(mintLeaf(ca, 'a.example').certPem).checkIssued(new X509Certificate(ca.certPem)),
    ).toBe(true);
  });
});
