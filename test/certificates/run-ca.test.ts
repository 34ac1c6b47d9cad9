import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import { isInstalled, openssl, scratchDirectory, writeIn } from './tools.ts';

const day = 86_400_000;

describe('createRunCa', () => {
  it('names proxaudit and the run', () => {
    const { subject, issuer } = new X509Certificate(createRunCa('20260102-abc').certPem);
    expect(subject).toBe('O=proxaudit\nCN=proxaudit run 20260102-abc');
    expect(issuer).toBe(subject);
  });

  it('is a CA on P-256 that signed itself and whose key is its own', () => {
    const { certPem, keyPem } = createRunCa('r');
    const certificate = new X509Certificate(certPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    const signature = sign('sha256', Buffer.from('x'), keyPem);
    expect(verify('sha256', Buffer.from('x'), createPublicKey(certPem), signature)).toBe(true);
  });

  it('is valid since a day ago and for seven days', () => {
    const certificate = new X509Certificate(createRunCa('r').certPem);
    const hoursOff = (text: string, expected: number) =>
      Math.abs(Date.parse(text) - Date.now() - expected) / 3_600_000;
    expect(hoursOff(certificate.validFrom, -day)).toBeLessThan(1);
    expect(hoursOff(certificate.validTo, 7 * day)).toBeLessThan(1);
  });

  it('has a fresh key and a fresh positive 16-byte serial each time', () => {
    const [one, other] = [createRunCa('r'), createRunCa('r')];
    expect(one.keyPem).not.toBe(other.keyPem);
    const serials = Array.from(
      { length: 40 },
      () => new X509Certificate(createRunCa('r').certPem).serialNumber,
    );
    expect(new Set(serials).size).toBe(40);
    expect(serials.every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial))).toBe(true);
  });

  it('cuts a name that X.520 would not allow', () => {
    const { subject } = new X509Certificate(createRunCa('x'.repeat(100)).certPem);
    expect(subject).toBe(`O=proxaudit\nCN=proxaudit run ${'x'.repeat(50)}`);
  });

  it.skipIf(!isInstalled('openssl', 'version'))('passes OpenSSL in strict mode (needs openssl)', () => {
    const { 'ca.pem': file = '' } = writeIn(scratchDirectory(), { 'ca.pem': createRunCa('r').certPem });
    expect(openssl('verify', '-x509_strict', '-check_ss_sig', '-CAfile', file, file)).toContain(': OK');
    const text = openssl('x509', '-in', file, '-noout', '-text');
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE/);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Certificate Sign, CRL Sign/);
    const identifiers = [...text.matchAll(/Key Identifier: \s+([0-9A-F:]+)/g)].map(([, value]) => value);
    expect(identifiers).toHaveLength(2);
    expect(identifiers[0]).toBe(identifiers[1]);
  });
});
