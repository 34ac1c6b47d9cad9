import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { fileUrls, serveFiles } from '../download/files.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

/** Ant's `get` task. */
export const antTwin: Twin = {
  name: 'ant-get',
  tools: ['ant'],
  version: ['ant', '-version'],
  available: () => missingCommand('ant'),
  createHandler: serveFiles,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'downloads'));
    const gets = fileUrls(baseUrl).map((url) => `<get src="${url}" dest="downloads/${basename(url)}"/>`);
    writeFileSync(
      join(directory, 'build.xml'),
      `<project default="fetch"><target name="fetch">${gets.join('')}</target></project>`,
    );
    return { argv: ['ant', '-q'], env: hermeticEnvironment(directory), cwd: directory };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
};
