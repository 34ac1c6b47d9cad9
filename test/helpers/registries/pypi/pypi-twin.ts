import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../origin/random.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Invocation, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { createSdist, createWheel } from './distributions.ts';
import type { Distribution } from './distributions.ts';

export const distributions = (): Distribution[] => [
  createWheel({ name: 'twin_alpha', version: '1.2.0', requires: 'twin-beta>=2' }, 40_000),
  createWheel({ name: 'twin_beta', version: '2.0.1' }, 300_000),
  createSdist({ name: 'twin_gamma', version: '0.3' }),
];

/** A simple index (PEP 503, with PEP 658 metadata) and `pip download` of two wheels and a source distribution. */
export const pypiTwin: Twin = {
  name: 'pip-download',
  tools: ['pip'],
  version: ['pip', '--version'],
  available: () => missingCommand('pip'),
  createHandler: () => servePypi(distributions()),
  prepare: (directory, baseUrl) => preparePip(directory, baseUrl, ['download', '-d', 'downloads']),
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
};

/** The same index and `pip install --target`. */
export const pipInstallTwin: Twin = {
  ...pypiTwin,
  name: 'pip-install',
  prepare: (directory, baseUrl) =>
    preparePip(directory, baseUrl, ['install', '--no-compile', '--target', 'installed']),
  // Their RECORD lists direct_url.json and the like in an order of pip's own.
  stored: (directory) =>
    storedBelow(join(directory, 'installed'), { only: /^(?!.*RECORD$)/, asFetched: false }),
};

/** Serves a simple index of these files. */
export function servePypi(files: readonly Distribution[]): Handler {
  const resources = new Map<string, Resource>();
  for (const { project, fileName, content, metadata } of files) {
    const path = `/files/${sha256(content).slice(0, 8)}/${fileName}`;
    resources.set(path, binary(content));
    if (metadata) resources.set(`${path}.metadata`, text(metadata));
    const described = metadata ? ` data-dist-info-metadata="sha256=${sha256(metadata)}"` : '';
    const link = `<a href="../..${path}#sha256=${sha256(content)}"${described}>${fileName}</a>`;
    const page = `<!DOCTYPE html><html><body>${link}</body></html>`;
    resources.set(`/simple/${project.replaceAll('_', '-')}/`, { type: 'text/html', body: page });
  }
  return (served) => sendResource(served, resources.get(served.url.pathname));
}

function preparePip(directory: string, baseUrl: string, command: readonly string[]): Invocation {
  writeFileSync(join(directory, 'requirements.txt'), 'twin-alpha==1.2.0\ntwin-gamma==0.3\n');
  const { protocol, host } = new URL(baseUrl);
  // pip ignores an index that is neither HTTPS nor on this machine, unless told to trust it.
  const trust = protocol === 'http:' ? ['--trusted-host', host] : [];
  const index = ['--index-url', `${baseUrl}/simple/`, ...trust];
  const quiet = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PIP_ROOT_USER_ACTION: 'ignore' };
  return {
    argv: ['pip', ...command, ...index, '-r', 'requirements.txt'],
    env: hermeticEnvironment(directory, {
      PIP_CONFIG_FILE: '/dev/null',
      PIP_CACHE_DIR: join(directory, 'cache'),
      ...quiet,
    }),
    cwd: directory,
  };
}
