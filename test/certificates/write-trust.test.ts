import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { decodeJks, encodeJks } from '../../src/certificates/java-keystore.ts';
import { splitPem } from '../../src/certificates/pem.ts';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import { writeTrust } from '../../src/certificates/write-trust.ts';
import { AuditError } from '../../src/support/errors.ts';
import { isInstalled, missingPath, openssl, scratchDirectory, writeIn } from './tools.ts';

const root = (name: string) => createRunCa(name).certPem;
const rawOf = (pem: string) => new X509Certificate(pem).raw;

/** Certificates of a written bundle. */
const bundleOf = (file: string) => splitPem(readFileSync(file, 'utf8'));

function setUp(systemPems: readonly string[] = [root('system-1'), root('system-2')]) {
  const directory = scratchDirectory();
  const ca = createRunCa('ours');
  const system = join(scratchDirectory(), 'system.pem');
  writeFileSync(system, systemPems.map((pem, index) => `# root ${index}\n${pem}`).join('\n'));
  const write = (env: Record<string, string> = {}, upstreamCaFile?: string) =>
    writeTrust({ directory, ca, env, upstreamCaFile, systemBundles: [missingPath(), system] });
  return { directory, ca, system, systemPems, write };
}

describe('writeTrust', () => {
  it('writes our CA alone, and ours with the system bundle', () => {
    const { ca, systemPems, write } = setUp();
    const trust = write();
    expect(readFileSync(trust.caFile, 'utf8')).toBe(ca.certPem);
    expect(bundleOf(trust.bundleFile)).toEqual([ca.certPem, ...systemPems]);
    expect(trust.truststoreFile).toBeUndefined();
  });

  it('never writes the key', () => {
    const { ca, directory, write } = setUp();
    const { caFile, bundleFile } = write({ JAVA_HOME: '/' });
    const files = execFileSync('ls', [directory], { encoding: 'utf8' }).trim().split('\n');
    expect(files).toEqual(['bundle.pem', 'ca.pem', 'truststore.jks']);
    const written = [caFile, bundleFile, join(directory, 'truststore.jks')].map((file) =>
      readFileSync(file, 'latin1'),
    );
    expect(written.join('')).not.toContain('PRIVATE KEY');
    expect(written.join('')).not.toContain(ca.keyPem.split('\n')[1]);
  });

  it('adds each certificate that a variable names, once, however it is laid out', () => {
    const { ca, system, systemPems, write } = setUp();
    const directory = scratchDirectory();
    const [one, two, three] = [root('one'), root('two'), root('three')];
    const oneLine = `-----BEGIN CERTIFICATE-----\n${rawOf(one).toString('base64')}\n-----END CERTIFICATE-----`;
    const files = writeIn(directory, {
      'a.pem': `${systemPems[0] ?? ''}${one}`,
      'b.pem': `some text\r\n${oneLine.replace(/\n/g, '\r\n')}`,
      'c.pem': two,
      'd.pem': three,
    });
    const trust = write({
      SSL_CERT_FILE: files['a.pem'] ?? '',
      NODE_EXTRA_CA_CERTS: files['b.pem'] ?? '',
      npm_config_cafile: files['c.pem'] ?? '',
      DENO_CERT: files['d.pem'] ?? '',
      PIP_CERT: system,
      GIT_SSL_CAINFO: files['a.pem'] ?? '',
    });
    const bundle = bundleOf(trust.bundleFile);
    expect(bundle.slice(0, 3)).toEqual([ca.certPem, ...systemPems]);
    expect(bundle.slice(3).sort()).toEqual([one, two, three].sort());
  });

  it('reads the directories of SSL_CERT_DIR, but no more than certificates in them', () => {
    const { write } = setUp();
    const [first, second] = [scratchDirectory(), scratchDirectory()];
    const pems = ['hashed', 'named', 'other', 'hidden'].map(root);
    const [hashed = '', named = '', other = '', hidden = ''] = pems;
    writeIn(first, { '0a1b2c3d.0': hashed, 'my.pem': named, 'notes.txt': hidden });
    symlinkSync('my.pem', join(first, 'deadbeef.0'));
    mkdirSync(join(first, 'folder.pem'));
    writeIn(second, { 'x.crt': other });
    const bundle = bundleOf(write({ SSL_CERT_DIR: `${first}:${missingPath()}::${second}` }).bundleFile);
    expect(bundle.slice(3).sort()).toEqual([hashed, named, other].sort());
  });

  it('takes the roots of Node where the system has none', () => {
    const { directory, ca } = setUp();
    const { bundleFile } = writeTrust({ directory, ca, env: {}, systemBundles: [missingPath()] });
    expect(bundleOf(bundleFile).map(rawOf)).toEqual([ca.certPem, ...rootCertificates].map(rawOf));
  });

  it("is not broken by the user's garbage, and leaves it out of the bundle", () => {
    const { write, ca, systemPems } = setUp();
    const directory = scratchDirectory();
    const good = root('good');
    const broken = rawOf(root('broken'));
    broken.fill(0xff, 30, 60);
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    const files = writeIn(directory, {
      'cut.pem': good.slice(0, 300),
      'binary.pem': Buffer.from([0, 255, 254, 10, 13]),
      'key.pem': createRunCa('x').keyPem,
      'broken.pem': `-----BEGIN CERTIFICATE-----\n${broken.toString('base64')}\n-----END CERTIFICATE-----\n`,
      'good.pem': `-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n${good}`,
    });
    const { bundleFile } = write({
      SSL_CERT_FILE: files['cut.pem'] ?? '',
      CURL_CA_BUNDLE: files['binary.pem'] ?? '',
      PIP_CERT: files['key.pem'] ?? '',
      AWS_CA_BUNDLE: files['broken.pem'] ?? '',
      GIT_SSL_CAINFO: directory,
      NODE_EXTRA_CA_CERTS: join(directory, 'pipe'),
      DENO_CERT: missingPath(),
      REQUESTS_CA_BUNDLE: files['good.pem'] ?? '',
      SSL_CERT_DIR: '/dev/null',
    });
    expect(bundleOf(bundleFile)).toEqual([ca.certPem, ...systemPems, good]);
  });

  it('has modes that keep it private, or as root let apt read it', () => {
    const { write } = setUp();
    const { caFile, bundleFile } = write();
    const expected = process.getuid?.() === 0 ? 0o644 : 0o600;
    const umask = process.umask(0o077);
    try {
      expect([caFile, bundleFile].map((file) => statSync(file).mode & 0o777)).toEqual([expected, expected]);
    } finally {
      process.umask(umask);
    }
  });

  it('adds the certificates of --upstream-ca, and refuses a file that has none', () => {
    const { write } = setUp();
    const directory = scratchDirectory();
    const corporate = root('corporate');
    const files = writeIn(directory, { 'corporate.pem': corporate, 'empty.pem': 'nothing' });
    expect(bundleOf(write({}, files['corporate.pem']).bundleFile)).toContain(corporate);
    expect(() => write({}, files['empty.pem'])).toThrow(AuditError);
    expect(() => write({}, missingPath())).toThrow(/cannot be read: there is no such file/);
  });

  it.skipIf(!isInstalled('openssl', 'version'))(
    'is a bundle that OpenSSL reads, the real system one included (needs openssl)',
    () => {
      const { directory, ca } = setUp();
      const { bundleFile, caFile } = writeTrust({
        directory,
        ca,
        env: { SSL_CERT_FILE: caFileOf(root('user')) },
      });
      expect(openssl('verify', '-CAfile', bundleFile, caFile)).toContain(': OK');
      const store = openssl('storeutl', '-noout', '-certs', bundleFile);
      expect(store).toContain(`Total found: ${bundleOf(bundleFile).length}`);
    },
  );
});

function caFileOf(pem: string): string {
  return writeIn(scratchDirectory(), { 'user.pem': pem })['user.pem'] ?? '';
}

describe('the truststore of writeTrust', () => {
  /** A Java home that holds these certificates. */
  function javaHome(content: Buffer | string, layout = ['lib', 'security']): string {
    const home = scratchDirectory();
    mkdirSync(join(home, ...layout), { recursive: true });
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'java'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(home, ...layout, 'cacerts'), content);
    return home;
  }
  const jks = (...pems: string[]) =>
    encodeJks(
      pems.map((pem, index) => ({ alias: `a${index}`, der: rawOf(pem) })),
      'changeit',
    );

  function storeFor(env: Record<string, string>) {
    const { ca, systemPems, write } = setUp();
    const { truststoreFile } = write(env);
    expect(truststoreFile?.password).toBe('changeit');
    const certificates = decodeJks(readFileSync(truststoreFile?.path ?? ''));
    return { ours: rawOf(ca.certPem), certificates, systemPems };
  }

  it('holds the cacerts of JAVA_HOME and our CA', () => {
    const theirs = root('jvm');
    const { ours, certificates } = storeFor({ JAVA_HOME: javaHome(jks(theirs)) });
    expect(certificates).toEqual([ours, rawOf(theirs)]);
  });

  it('finds the home of a java on PATH through its symlink, also in the layout of Java 8', () => {
    const theirs = root('jvm');
    const home = javaHome(jks(theirs), ['jre', 'lib', 'security']);
    const path = scratchDirectory();
    symlinkSync(join(home, 'bin', 'java'), join(path, 'java'));
    const { ours, certificates } = storeFor({ PATH: `${missingPath()}::${path}` });
    expect(certificates).toEqual([ours, rawOf(theirs)]);
  });

  it.each(['JAVA_TOOL_OPTIONS', 'MAVEN_OPTS', 'GRADLE_OPTS'])(
    "keeps the user's own truststore of %s",
    (variable) => {
      const [own, jvm] = [root('own'), root('jvm')];
      const store = join(scratchDirectory(), 'own store.jks');
      writeFileSync(store, jks(own, jvm));
      const options = `-Xmx1g -Djavax.net.ssl.trustStore="${store}" -Dx=y`;
      const { ours, certificates } = storeFor({ [variable]: options, JAVA_HOME: javaHome(jks(jvm)) });
      expect(certificates).toEqual([ours, rawOf(own), rawOf(jvm)]);
    },
  );

  it('takes the bundle where no store can be read', () => {
    const { ours, certificates, systemPems } = storeFor({ JAVA_HOME: javaHome('not a keystore') });
    expect(certificates).toEqual([ours, ...systemPems.map(rawOf)]);
  });

  it('is not written where there is no Java', () => {
    const { write } = setUp();
    expect(write({ PATH: scratchDirectory(), JAVA_HOME: missingPath() }).truststoreFile).toBeUndefined();
  });

  it.skipIf(!isInstalled('keytool', '-help'))(
    'is read by the real keytool, with the real cacerts (needs keytool)',
    () => {
      const { directory, ca } = setUp();
      const { truststoreFile } = writeTrust({ directory, ca, env: { PATH: process.env['PATH'] } });
      const text = execFileSync(
        'keytool',
        ['-list', '-keystore', truststoreFile?.path ?? '', '-storepass', 'changeit'],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      expect(text).toContain(new X509Certificate(ca.certPem).fingerprint256);
      const count = Number(/contains (\d+) entries/.exec(text)?.[1]);
      expect(count).toBe(decodeJks(readFileSync(truststoreFile?.path ?? ''))?.length);
      expect(count).toBeGreaterThan(1);
    },
  );
});
