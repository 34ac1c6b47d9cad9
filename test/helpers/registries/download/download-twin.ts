import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hermeticEnvironment } from '../client-environment.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { fileUrls, serveFiles } from './files.ts';

/** A client that fetches any files; the rest is made of what it is given. */
export interface Downloader extends Pick<Twin, 'name' | 'tools' | 'version' | 'available' | 'schemes'> {
  /** Arguments before the addresses. */
  readonly argv: readonly string[];
  /** Written before the run: file name and content. */
  readonly program?: readonly [string, string];
  readonly env?: NodeJS.ProcessEnv;
  /** Runs offline after the program was written. */
  readonly build?: (directory: string) => void;
}

/** The client fetching a few files into `downloads/`. */
export const downloadTwin = ({ argv, program, env, build, ...about }: Downloader): Twin => ({
  ...about,
  createHandler: serveFiles,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'downloads'));
    if (program) writeFileSync(join(directory, program[0]), program[1]);
    build?.(directory);
    return {
      argv: [...argv, ...fileUrls(baseUrl)],
      env: hermeticEnvironment(directory, env),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
});

/** Has a shell call the program for a small file and for a large one: `$url`, and its file `$file`. */
export const forEachUrl = (command: string): string[] => [
  'sh',
  '-c',
  `for url in "$1" "$3"; do file=downloads/\${url##*/}; ${command} || exit; done`,
  'sh',
];
