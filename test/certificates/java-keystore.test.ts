import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeJks, decodePlainPkcs12, encodeJks } from '../../src/certificates/java-keystore.ts';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import { isInstalled, openssl, scratchDirectory, writeIn } from './tools.ts';

const der = () => new X509Certificate(createRunCa('r').certPem).raw;
const hasKeytool = isInstalled('keytool', '-help');

describe('JKS', () => {
  it('gives back what was put in', () => {
    const [one, two] = [der(), der()];
    const store = encodeJks(
      [
        { alias: 'one', der: one },
        { alias: 'two', der: two },
      ],
      'changeit',
    );
    expect(decodeJks(store)).toEqual([one, two]);
    expect(decodeJks(encodeJks([], 'changeit'))).toEqual([]);
  });

  it('never throws on what is cut short or changed', () => {
    const store = encodeJks([{ alias: 'one', der: der() }], 'changeit');
    for (let length = 0; length < store.length - 20; length += 1) {
      expect(decodeJks(store.subarray(0, length)), `cut to ${length}`).toBeUndefined();
    }
    for (let at = 0; at < 60; at += 1) {
      const changed = Buffer.from(store);
      changed[at] = 0xff;
      expect(() => decodeJks(changed)).not.toThrow();
    }
    expect(decodeJks(Buffer.from('feedfeed00000002ffffffff', 'hex'))).toBeUndefined();
    expect(decodeJks(Buffer.from('-----BEGIN CERTIFICATE-----'))).toBeUndefined();
  });

  it.skipIf(!hasKeytool)('is listed by keytool, with its password checked (needs keytool)', () => {
    const path = join(scratchDirectory(), 'store.jks');
    const certificate = der();
    writeFileSync(
      path,
      encodeJks(
        [
          { alias: 'proxaudit', der: certificate },
          { alias: 'two', der: der() },
        ],
        'changeit',
      ),
    );
    const list = (...args: string[]) =>
      execFileSync('keytool', ['-list', '-keystore', path, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const text = list('-storepass', 'changeit');
    expect(text).toContain('contains 2 entries');
    expect(text).toMatch(/proxaudit, .*trustedCertEntry/);
    expect(text).toContain(new X509Certificate(certificate).fingerprint256);
    expect(() => list('-storepass', 'wrong-password')).toThrow();
  });

  it.skipIf(!hasKeytool)("reads keytool's own (needs keytool)", () => {
    const directory = scratchDirectory();
    const { certPem } = createRunCa('r');
    const store = join(directory, 'theirs.jks');
    const files = writeIn(directory, { 'ca.pem': certPem });
    execFileSync(
      'keytool',
      [
        '-importcert',
        '-noprompt',
        '-alias',
        'x',
        '-storetype',
        'JKS',
        '-keystore',
        store,
        '-storepass',
        'changeit',
        '-file',
        files['ca.pem'] ?? '',
      ],
      { stdio: 'ignore' },
    );
    expect(decodeJks(readFileSync(store))).toEqual([new X509Certificate(certPem).raw]);
  });
});

describe('PKCS#12 without a password', () => {
  const hasOpenssl = isInstalled('openssl', 'version');

  function exportStore(...protection: string[]): { store: Buffer; certPem: string } {
    const directory = scratchDirectory();
    const { certPem } = createRunCa('r');
    const files = writeIn(directory, { 'ca.pem': certPem });
    const path = join(directory, 'store.p12');
    const source = ['-in', files['ca.pem'] ?? '', '-out', path, '-nokeys'];
    openssl('pkcs12', '-export', ...source, '-passout', 'pass:changeit', ...protection);
    return { store: readFileSync(path), certPem };
  }

  it.skipIf(!hasOpenssl)('is read where its certificates are plain (needs openssl)', () => {
    const { store, certPem } = exportStore('-certpbe', 'NONE', '-nomac');
    expect(decodePlainPkcs12(store)).toEqual([new X509Certificate(certPem).raw]);
    for (let length = 0; length < store.length; length += 7) {
      expect(() => decodePlainPkcs12(store.subarray(0, length))).not.toThrow();
    }
  });

  it.skipIf(!hasOpenssl)('is left alone where they are encrypted (needs openssl)', () => {
    expect(decodePlainPkcs12(exportStore().store)).toBeUndefined();
  });
});
