import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { basicConstraints, keyUsage } from '../../src/certificates/extensions.ts';
import type { CaFiles } from '../../src/certificates/load-ca.ts';
import { distinguishedName, signCertificate } from '../../src/certificates/sign-certificate.ts';

/** A directory of the test's own, gone when the test is over. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'certificates-test-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** Where there is nothing. */
export function missingPath(): string {
  return join(scratchDirectory(), 'missing');
}

export function isInstalled(program: string, ...probe: string[]): boolean {
  return spawnSync(program, probe, { stdio: 'ignore' }).status === 0;
}

export function writeIn(directory: string, files: Record<string, string | Buffer>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => {
      const path = join(directory, name);
      writeFileSync(path, content);
      return [name, path];
    }),
  );
}

export function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface OpensslCa {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface OpensslCaOptions {
  readonly key?: readonly string[];
  readonly days?: number;
  readonly extensions?: readonly string[];
  readonly subject?: string;
}

const caExtensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

/** A CA as OpenSSL's users make one: another implementation than ours. */
export function makeOpensslCa(directory: string, name: string, options: OpensslCaOptions = {}): OpensslCa {
  const [certFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}-key.pem`)];
  openssl(
    'genpkey',
    '-out',
    keyFile,
    ...(options.key ?? ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']),
  );
  openssl(
    ...['req', '-x509', '-new', '-key', keyFile, '-out', certFile, '-days', String(options.days ?? 30)],
    ...['-config', '/dev/null', '-subj', options.subject ?? `/O=Example/CN=${name}`],
    ...(options.extensions ?? caExtensions).flatMap((extension) => ['-addext', extension]),
  );
  return { certFile, keyFile };
}

/** A CA in files of the test's own. */
export function writeCa(certPem: string, keyPem: string): CaFiles {
  const directory = scratchDirectory();
  writeIn(directory, { 'cert.pem': certPem, 'key.pem': keyPem });
  return { certFile: join(directory, 'cert.pem'), keyFile: join(directory, 'key.pem') };
}

/** A CA of ours with other dates (in days from now) or extensions than createRunCa gives. */
export function makeOddCa(
  from: number,
  until: number,
  extensions = [basicConstraints(true), keyUsage('ca')],
): CaFiles {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = distinguishedName('odd');
  const dates = {
    notBefore: new Date(Date.now() + from * 86_400_000),
    notAfter: new Date(Date.now() + until * 86_400_000),
  };
  const certPem = signCertificate(
    { issuer: name, subject: name, publicKey, extensions, ...dates },
    privateKey,
  );
  return writeCa(certPem, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}
