import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomBody } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingOneOf } from '../commands.ts';
import { binary, sendResource } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const path = 'T/TW/TWIN/Twin-Alpha-1.2.tar.gz';

/** A mirror of one distribution, and `cpanm` installing it. */
export const cpanTwin: Twin = {
  name: 'cpanm',
  tools: ['perl'],
  version: ['cpanm', '--version'],
  available: () => missingOneOf('cpanm', 'make'),
  createHandler: serveMirror,
  prepare: (directory, baseUrl) => ({
    argv: [
      'cpanm',
      '-q',
      '--notest',
      '-L',
      'local',
      '--save-dists',
      'dists',
      '--mirror',
      baseUrl,
      '--mirror-only',
      'Twin::Alpha',
    ],
    env: hermeticEnvironment(directory),
    cwd: directory,
  }),
  stored: (directory) => storedBelow(join(directory, 'dists'), { asFetched: true }),
};

function serveMirror(): Handler {
  const root = 'Twin-Alpha-1.2';
  const makefile = 'use ExtUtils::MakeMaker; WriteMakefile(NAME => "Twin::Alpha", VERSION => "1.2");\n';
  const distribution = createTarGz({
    [`${root}/Makefile.PL`]: makefile,
    [`${root}/lib/Twin/Alpha.pm`]: 'package Twin::Alpha; our $VERSION = "1.2"; 1;\n',
    [`${root}/data.bin`]: randomBody(50_000, root),
  });
  const index = `File: 02packages.details.txt\nLine-Count: 1\n\nTwin::Alpha 1.2 ${path}\n`;
  const resources = new Map<string, Resource>([
    ['/modules/02packages.details.txt.gz', binary(gzipSync(index))],
    [`/authors/id/${path}`, binary(distribution)],
  ]);
  return (served) => sendResource(served, resources.get(served.url.pathname));
}
