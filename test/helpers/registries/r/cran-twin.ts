import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const packages = ['twinalpha', 'twinbeta'];
const version = '1.2.0';
const describePackage = (name: string): string => `Package: ${name}\nVersion: ${version}\n`;

/** A repository of R packages, and `download.packages` of two. */
export const cranTwin: Twin = {
  name: 'r-download-packages',
  tools: ['curl'],
  version: ['Rscript', '--version'],
  available: () => missingCommand('Rscript'),
  createHandler: serveRepository,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'downloads'));
    const names = packages.map((name) => `"${name}"`).join(', ');
    const program = `download.packages(c(${names}), "downloads", repos = "${baseUrl}", type = "source", quiet = TRUE)`;
    return { argv: ['Rscript', '-e', program], env: hermeticEnvironment(directory), cwd: directory };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
};

function serveRepository(): Handler {
  const resources = new Map<string, Resource>([
    ['/src/contrib/PACKAGES', text(packages.map(describePackage).join('\n'))],
    ...packages.map((name): [string, Resource] => {
      const content = {
        [`${name}/DESCRIPTION`]: describePackage(name),
        [`${name}/data.bin`]: randomBody(50_000, name),
      };
      return [`/src/contrib/${name}_${version}.tar.gz`, binary(createTarGz(content))];
    }),
  ]);
  return (served) => sendResource(served, resources.get(served.url.pathname));
}
