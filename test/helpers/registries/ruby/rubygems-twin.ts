import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody, sha256 } from '../../origin/random.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingOneOf, runOffline } from '../commands.ts';
import type { Handler, Twin } from '../scenario.ts';
import { serveDirectory } from '../static-files.ts';
import { storedBelow } from '../stored-files.ts';

const gems = [
  { name: 'twin-alpha', needs: ['twin-beta'] },
  { name: 'twin-beta', needs: [] },
];
const version = '1.2.0';

/** Gems as `gem build` packs them, with the compact index of Bundler and the marshalled one of `gem`. */
function createRepository(directory: string): Handler {
  const root = join(directory, 'public');
  for (const folder of ['gems', 'info']) mkdirSync(join(root, folder), { recursive: true });
  const env = hermeticEnvironment(directory, { SOURCE_DATE_EPOCH: '1577836800' });
  const lines = gems.map(({ name, needs }) => {
    const work = join(directory, name);
    mkdirSync(work);
    writeFileSync(join(work, 'data.bin'), randomBody(50_000, name));
    const dependencies = needs.map((need) => `s.add_dependency "${need}", ">= 1.0"`).join('; ');
    writeFileSync(
      join(work, 'a.gemspec'),
      `Gem::Specification.new { |s| s.name = "${name}"; s.version = "${version}"; s.summary = "A twin"; ` +
        `s.authors = ["Twin"]; s.files = ["data.bin"]; ${dependencies} }\n`,
    );
    const file = join(root, 'gems', `${name}-${version}.gem`);
    runOffline(['gem', 'build', '-q', 'a.gemspec', '-o', file], { cwd: work, env });
    const info = `---\n${version} ${needs.map((need) => `${need}:>= 1.0`).join(',')}|checksum:${sha256(readFileSync(file))}\n`;
    writeFileSync(join(root, 'info', name), info);
    return `${name} ${version} ${createHash('md5').update(info).digest('hex')}\n`;
  });
  writeFileSync(join(root, 'versions'), `created_at: 2020-01-01T00:00:00Z\n---\n${lines.join('')}`);
  runOffline(['gem', 'generate_index', '-q', '-d', root], { cwd: directory, env });
  return serveDirectory(root);
}

const available = () => missingOneOf('ruby', 'gem');
const fetchedGems = { only: /cache\/[^/]+\.gem$/, asFetched: true };

/** `bundle install` of a gem and what it needs. */
export const bundlerTwin: Twin = {
  name: 'bundle-install',
  tools: ['bundler'],
  version: ['bundle', '--version'],
  available: () => available() ?? missingOneOf('bundle'),
  createHandler: createRepository,
  prepare(directory, baseUrl) {
    writeFileSync(join(directory, 'Gemfile'), `source "${baseUrl}"\ngem "twin-alpha"\n`);
    const settings = {
      BUNDLE_PATH: 'vendor',
      BUNDLE_APP_CONFIG: join(directory, 'bundle'),
      BUNDLE_JOBS: '1',
    };
    return {
      argv: ['bundle', 'install', '--quiet'],
      env: hermeticEnvironment(directory, { ...settings, BUNDLE_SILENCE_ROOT_WARNING: '1' }),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'vendor'), fetchedGems),
};

/** `gem install` of the same. */
export const gemTwin: Twin = {
  name: 'gem-install',
  tools: ['gem', 'openssl'],
  version: ['gem', '--version'],
  available,
  createHandler: createRepository,
  prepare: (directory, baseUrl) => ({
    argv: [
      'gem',
      'install',
      '-q',
      '--no-document',
      '--clear-sources',
      '--source',
      `${baseUrl}/`,
      '-i',
      'gems',
      'twin-alpha',
    ],
    env: hermeticEnvironment(directory),
    cwd: directory,
  }),
  stored: (directory) => storedBelow(join(directory, 'gems'), fetchedGems),
};
