import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../../origin/workspace.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand, runOffline } from '../commands.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { fileUrls, serveFiles } from './files.ts';
import * as programs from './programs.ts';

interface Downloader {
  readonly name: string;
  readonly available: () => string | undefined;
  /** Arguments before the addresses. */
  readonly argv: readonly string[];
  /** Written before the run: file name and content. */
  readonly program?: readonly [string, string];
  readonly env?: NodeJS.ProcessEnv;
  /** Runs offline after the program was written. */
  readonly build?: (directory: string) => void;
}

const quietCurl = ['curl', '-q', '-sSf', '--output-dir', 'downloads', '--remote-name-all'];

const downloaders: readonly Downloader[] = [
  { name: 'curl', available: () => missingCommand('curl'), argv: quietCurl },
  { name: 'curl-http1', available: () => missingCommand('curl'), argv: [...quietCurl, '--http1.1'] },
  { name: 'wget', available: () => missingCommand('wget'), argv: ['wget', '-q', '-P', 'downloads'] },
  node('node-http', 'fetch.mjs', programs.nodeHttp),
  node('node-require', 'fetch.cjs', programs.nodeRequire),
  node('node-fetch', 'fetch.mjs', programs.nodeFetch),
  python('python-urllib', 'urllib.request', programs.pythonUrllib),
  python('python-requests', 'requests', programs.pythonRequests),
  {
    name: 'java',
    available: () => missingCommand('java'),
    argv: ['java', 'Fetch.java'],
    program: ['Fetch.java', programs.java],
  },
  {
    name: 'go-http',
    available: () => missingCommand('go'),
    argv: ['./fetch'],
    program: ['fetch.go', programs.go],
    build: buildGo,
  },
];

function node(name: string, file: string, source: string): Downloader {
  return { name, available: () => undefined, argv: [process.execPath, file], program: [file, source] };
}

function python(name: string, module: string, source: string): Downloader {
  const available = (): string | undefined => missingCommand('python3') ?? missingModule(module);
  return { name, available, argv: ['python3', 'fetch.py'], program: ['fetch.py', source] };
}

function missingModule(module: string): string | undefined {
  const { directory, remove } = createWorkspace('module-probe');
  try {
    runOffline(['python3', '-c', `import ${module}`], {
      cwd: directory,
      env: hermeticEnvironment(directory),
    });
    return undefined;
  } catch {
    return `Python has no module ${module}`;
  } finally {
    remove();
  }
}

/** The compiler's cache is kept between runs: compiling Go's HTTP package takes half a minute. */
function buildGo(directory: string): void {
  const GOCACHE = join(tmpdir(), `proxaudit-go-cache-${userInfo().uid}`);
  const env = hermeticEnvironment(directory, {
    GOCACHE,
    GOTOOLCHAIN: 'local',
    GOENV: 'off',
    CGO_ENABLED: '0',
  });
  runOffline(['go', 'build', '-o', 'fetch', 'fetch.go'], { cwd: directory, env });
}

/** Each general client, fetching the same files into `downloads/`. */
export const downloadTwins: readonly Twin[] = downloaders.map((downloader) => ({
  name: downloader.name,
  available: downloader.available,
  createHandler: serveFiles,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, 'downloads'));
    if (downloader.program) writeFileSync(join(directory, downloader.program[0]), downloader.program[1]);
    downloader.build?.(directory);
    return {
      argv: [...downloader.argv, ...fileUrls(baseUrl)],
      env: hermeticEnvironment(directory, downloader.env),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
}));
