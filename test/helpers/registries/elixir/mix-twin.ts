import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource } from '../responses.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const archive = createZip({
  'twin-1.0.0/ebin/twin.app': '{application, twin, [{vsn, "1.0.0"}]}.\n',
  'twin-1.0.0/priv/data.bin': randomBody(50_000, 'mix archive'),
});

/** `mix archive.install` of an archive from a server. */
export const mixTwin: Twin = {
  name: 'mix-archive-install',
  tools: ['erlang'],
  version: ['elixir', '--short-version'],
  available: () => missingCommand('mix'),
  createHandler: () => (served) =>
    sendResource(served, served.url.pathname === '/twin-1.0.0.ez' ? binary(archive) : undefined),
  prepare(directory, baseUrl) {
    const digest = createHash('sha512').update(archive).digest('hex');
    return {
      argv: ['mix', 'archive.install', '--force', '--sha512', digest, `${baseUrl}/twin-1.0.0.ez`],
      env: hermeticEnvironment(directory, { MIX_HOME: join(directory, 'mix'), LANG: 'C.UTF-8' }),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'mix', 'archives'), { asFetched: false }),
};
