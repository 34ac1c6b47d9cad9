import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../../origin/workspace.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand, runOffline } from '../commands.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import type { Downloader } from './download-twin.ts';
import * as programs from './programs.ts';

const quietCurl = ['curl', '-q', '-sSf', '--output-dir', 'downloads', '--remote-name-all'];

const downloaders: readonly Downloader[] = [
  {
    name: 'curl',
    tools: ['generic', 'curl'],
    version: ['curl', '--version'],
    available: () => missingCommand('curl'),
    argv: quietCurl,
  },
  {
    name: 'curl-http1',
    tools: ['curl'],
    version: ['curl', '--version'],
    available: () => missingCommand('curl'),
    argv: [...quietCurl, '--http1.1'],
  },
  {
    name: 'wget',
    tools: ['wget'],
    version: ['wget', '--version'],
    available: () => missingCommand('wget'),
    argv: ['wget', '-q', '-P', 'downloads'],
  },
  node('node-http', 'fetch.mjs', programs.nodeHttp),
  node('node-require', 'fetch.cjs', programs.nodeRequire),
  node('node-fetch', 'fetch.mjs', programs.nodeFetch),
  python('python-urllib', 'urllib.request', programs.pythonUrllib),
  python('python-requests', 'requests', programs.pythonRequests),
  {
    name: 'java',
    tools: ['java'],
    version: ['java', '--version'],
    available: () => missingCommand('java'),
    argv: ['java', 'Fetch.java'],
    program: ['Fetch.java', programs.java],
  },
  {
    name: 'go-http',
    tools: ['openssl'],
    version: ['go', 'version'],
    available: () => missingCommand('go'),
    argv: ['./fetch'],
    program: ['fetch.go', programs.go],
    build: buildGo,
  },
];

function node(name: string, file: string, source: string): Downloader {
  return {
    name,
    tools: ['node'],
    version: [process.execPath, '--version'],
    available: () => undefined,
    argv: [process.execPath, file],
    program: [file, source],
  };
}

function python(name: string, module: string, source: string): Downloader {
  const available = (): string | undefined => missingCommand('python3') ?? missingModule(module);
  const isRequests = module === 'requests';
  return {
    name,
    tools: [isRequests ? 'requests' : 'openssl'],
    version: isRequests
      ? ['python3', '-c', 'import requests; print(requests.__version__)']
      : ['python3', '--version'],
    available,
    argv: ['python3', 'fetch.py'],
    program: ['fetch.py', source],
  };
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
export const downloadTwins: readonly Twin[] = downloaders.map(downloadTwin);
