import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { randomBody } from '../../origin/random.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const manifest = `
commands = {}
modules = {}
repository = { twin = { ["1.0-1"] = { { arch = "src" } } } }
`;

/** A rocks server and `luarocks download` of one rock. */
export const luarocksTwin: Twin = {
  name: 'luarocks-download',
  tools: ['wget'],
  version: ['luarocks', '--version'],
  available: () => missingCommand('luarocks'),
  createHandler() {
    const rock = createZip({
      'twin-1.0-1.rockspec': 'package = "twin"\n',
      'data.bin': randomBody(50_000, 'rock'),
    });
    const resources = new Map<string, Resource>([
      ['/manifest-5.1', text(manifest)],
      ['/twin-1.0-1.src.rock', binary(rock)],
    ]);
    return (served) => sendResource(served, resources.get(served.url.pathname));
  },
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'downloads'));
    return {
      argv: ['luarocks', 'download', '--only-server', baseUrl, 'twin'],
      env: hermeticEnvironment(directory),
      cwd: join(directory, 'downloads'),
    };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
};
