import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand, runOffline } from '../commands.ts';
import type { Twin } from '../scenario.ts';
import { serveDirectory } from '../static-files.ts';
import { storedBelow } from '../stored-files.ts';

/** A bundle of changes on a server, and `hg unbundle` of it. */
export const mercurialTwin: Twin = {
  name: 'hg-unbundle',
  tools: ['hg'],
  version: ['hg', '--version', '-q'],
  available: () => missingCommand('hg'),
  createHandler(directory) {
    const work = join(directory, 'repository');
    const env = hermeticEnvironment(directory, { HGUSER: 'twin' });
    mkdirSync(work);
    for (let index = 0; index < 3; index += 1)
      writeFileSync(join(work, `file-${index}.bin`), randomBody(20_000 * index + 500, `hg ${index}`));
    runOffline(['hg', 'init'], { cwd: work, env });
    runOffline(['hg', 'commit', '-q', '-A', '-m', 'Begin', '-d', '0 0'], { cwd: work, env });
    runOffline(['hg', 'bundle', '-q', '--all', '../twin.hg'], { cwd: work, env });
    return serveDirectory(directory);
  },
  prepare(directory, baseUrl) {
    const env = hermeticEnvironment(directory);
    runOffline(['hg', 'init', 'clone'], { cwd: directory, env });
    return { argv: ['hg', '-R', 'clone', 'unbundle', '-q', '-u', `${baseUrl}/twin.hg`], env, cwd: directory };
  },
  stored: (directory) => storedBelow(join(directory, 'clone'), { only: /^(?!\.hg\/)/, asFetched: false }),
};
