import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import { readUpstreamRoots } from '../../src/certificates/upstream-roots.ts';
import { splitPem } from '../../src/certificates/pem.ts';
import { AuditError } from '../../src/support/errors.ts';
import { missingPath, scratchDirectory, writeIn } from './tools.ts';

describe('readUpstreamRoots', () => {
  it("holds Node's roots, the user's and the given file's, each once and each alone", () => {
    const [user, given] = [createRunCa('user').certPem, createRunCa('given').certPem];
    const directory = scratchDirectory();
    writeIn(directory, { 'user.pem': user + given, 'given.pem': given });
    const env = { REQUESTS_CA_BUNDLE: join(directory, 'user.pem'), SSL_CERT_DIR: directory };
    const roots = readUpstreamRoots({ env, upstreamCaFile: join(directory, 'given.pem') });
    expect(roots).toContain(user);
    expect(roots.filter((pem) => pem === given)).toHaveLength(1);
    for (const pem of rootCertificates.flatMap(splitPem)) expect(roots).toContain(pem);
    expect(roots.every((pem) => splitPem(pem).length === 1)).toBe(true);
    expect(new Set(roots).size).toBe(roots.length);
  });

  it('passes over what variables name in vain, but not over the given file', () => {
    expect(readUpstreamRoots({ env: { SSL_CERT_FILE: missingPath() } }).length).toBeGreaterThan(50);
    const directory = scratchDirectory();
    const damaged = createRunCa('x').certPem.replace(
      /\nMII.{20}/,
      (start) => `${start.slice(0, 10)}${'A'.repeat(14)}`,
    );
    writeIn(directory, { 'damaged.pem': damaged, 'empty.pem': '' });
    for (const file of ['damaged.pem', 'empty.pem', 'missing.pem']) {
      const attempt = () => readUpstreamRoots({ env: {}, upstreamCaFile: join(directory, file) });
      expect(attempt, file).toThrow(AuditError);
      expect(attempt, file).toThrow(join(directory, file));
    }
  });
});
