import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AuditError } from '../support/errors.ts';
import { loadCa } from './load-ca.ts';
import type { CertificateAuthority, Variables } from './types.ts';

/**
 * The CA that mkcert made, found as `mkcert -CAROOT` finds it.
 * @throws AuditError `bad-certificate` when there is none, or it cannot be used.
 */
export function loadMkcertCa(
  env: Variables,
  platform: NodeJS.Platform = process.platform,
): CertificateAuthority {
  const root = caRoot(env, platform);
  if (root === undefined || !existsSync(join(root, 'rootCA.pem'))) {
    throw new AuditError(
      'bad-certificate',
      `There is no mkcert CA${root === undefined ? '' : ` in ${root}`}: rootCA.pem is missing.`,
      { hint: 'Make one with `mkcert -install`, or set CAROOT to its folder.' },
    );
  }
  return loadCa({ certFile: join(root, 'rootCA.pem'), keyFile: join(root, 'rootCA-key.pem') });
}

/** mkcert's own order: https://github.com/FiloSottile/mkcert#changing-the-location-of-the-ca-files */
function caRoot(env: Variables, platform: NodeJS.Platform): string | undefined {
  if (env['CAROOT']) return env['CAROOT'];
  const base = dataFolder(env, platform);
  return base === undefined ? undefined : join(base, 'mkcert');
}

function dataFolder(env: Variables, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return env['LocalAppData'];
  if (env['XDG_DATA_HOME']) return env['XDG_DATA_HOME'];
  if (!env['HOME']) return undefined;
  return platform === 'darwin'
    ? join(env['HOME'], 'Library', 'Application Support')
    : join(env['HOME'], '.local', 'share');
}
