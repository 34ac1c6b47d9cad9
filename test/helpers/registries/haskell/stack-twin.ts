import { basename, join } from 'node:path';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { sendResource, text } from '../responses.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

/** `stack new` from a template on a server, which is the least that Stack fetches. */
export const stackTwin: Twin = {
  name: 'stack-new',
  tools: ['haskell'],
  version: ['stack', '--numeric-version'],
  available: () => missingCommand('stack'),
  createHandler: () => (served) =>
    sendResource(
      served,
      served.url.pathname === '/twin.hsfiles' ? text('{-# START_FILE README.md #-}\nA twin.\n') : undefined,
    ),
  prepare: (directory, baseUrl) => ({
    // What follows the download needs a compiler.
    argv: ['sh', '-c', 'stack new project "$1"; test -d stack/templates', 'sh', `${baseUrl}/twin.hsfiles`],
    env: hermeticEnvironment(directory, { STACK_ROOT: join(directory, 'stack') }),
    cwd: directory,
  }),
  stored: (directory) =>
    storedBelow(join(directory, 'stack', 'templates'), { asFetched: true, rename: (path) => basename(path) }),
};
