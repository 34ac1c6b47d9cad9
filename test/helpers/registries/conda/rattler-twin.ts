import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody, sha256 } from '../../origin/random.ts';
import { createTar } from '../archives/tar.ts';
import { installTool, programOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { runOffline } from '../commands.ts';
import { askPackage } from '../download/python-clients.ts';
import { binary, json, sendResource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const tool: ToolPackage = { from: 'pypi', name: 'py-rattler', version: '0.28.0' };
const fileName = 'twin-1.0-0.tar.bz2';
const about = { name: 'twin', version: '1.0', build: '0', build_number: 0, depends: [], subdir: 'noarch' };

const program = `
import asyncio, os, sys
from rattler import Gateway, SourceConfig, install, solve
async def main(channel):
    # It reads no more than the head of an answer that there are none.
    gateway = Gateway(cache_dir="listings", default_config=SourceConfig(sharded_enabled=False))
    records = await solve([channel], ["twin ==1.0"], platforms=["noarch"], gateway=gateway)
    await install(records, "prefix", cache_dir="packages", show_progress=False)
asyncio.run(main(sys.argv[1]))
# Its threads may crash Python while that ends.
os._exit(0)
`;

/** What pixi is made of, installing from a conda channel of one package. */
export const rattlerTwin: Twin = {
  name: 'rattler-install',
  tools: ['openssl'],
  version: askPackage(tool),
  available: async () => (await installTool(tool)).reason,
  createHandler: serveChannel,
  prepare(directory, baseUrl) {
    writeFileSync(join(directory, 'install.py'), program);
    return {
      argv: [programOf(tool, 'python'), 'install.py', `${baseUrl}/channel`],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'prefix'), { only: /^share\//, asFetched: false }),
};

function serveChannel(directory: string): Handler {
  const content = createPackage(directory);
  const facts = { ...about, noarch: 'generic', sha256: sha256(content), size: content.length };
  const listing = { info: { subdir: 'noarch' }, packages: { [fileName]: facts }, 'packages.conda': {} };
  const resources = new Map([
    ['/channel/noarch/repodata.json', json(listing)],
    [`/channel/noarch/${fileName}`, binary(content)],
  ]);
  return (served) => sendResource(served, resources.get(served.url.pathname));
}

/** Compressed by Python, as Node knows neither of the compressions that conda does. */
function createPackage(directory: string): Buffer {
  const path = 'share/twin/data.bin';
  const data = randomBody(60_000, 'conda package');
  const paths = [{ _path: path, path_type: 'hardlink', sha256: sha256(data), size_in_bytes: data.length }];
  const tar = createTar({
    'info/index.json': JSON.stringify({ ...about, noarch: 'generic' }),
    'info/paths.json': JSON.stringify({ paths, paths_version: 1 }),
    'info/files': `${path}\n`,
    [path]: data,
  });
  const [plain, compressed] = [join(directory, 'twin.tar'), join(directory, fileName)];
  writeFileSync(plain, tar);
  const compress =
    'import bz2, sys; open(sys.argv[2], "wb").write(bz2.compress(open(sys.argv[1], "rb").read()))';
  runOffline(['python3', '-c', compress, plain, compressed], { cwd: directory, env: process.env });
  return readFileSync(compressed);
}
