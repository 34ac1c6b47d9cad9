import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, json, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Invocation, StoredFile, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

interface Module {
  readonly path: string;
  readonly version: string;
  readonly needs?: string;
}

const modules: readonly Module[] = [
  { path: 'twin.test/alpha', version: 'v1.1.0', needs: 'twin.test/beta v1.2.0' },
  { path: 'twin.test/beta', version: 'v1.2.0' },
  // Upper case is escaped in the protocol.
  { path: 'twin.test/Gamma', version: 'v0.3.0' },
];

/** A module proxy and `go mod download` of three modules. */
export const goTwin: Twin = {
  name: 'go-mod-download',
  tools: ['openssl'],
  version: ['go', 'version'],
  available: () => missingCommand('go'),
  createHandler: serveModules,
  prepare: prepareGo,
  stored: (directory) => storedByGo(join(directory, 'modcache')),
};

const goMod = ({ path, needs }: Module): string =>
  `module ${path}\n\ngo 1.18\n${needs ? `\nrequire ${needs}\n` : ''}`;

function packModule(module: Module): Buffer {
  const root = `${module.path}@${module.version}`;
  return createZip({
    [`${root}/go.mod`]: goMod(module),
    [`${root}/code.go`]: `package ${module.path.split('/').at(-1)?.toLowerCase()}\n`,
    [`${root}/data.bin`]: randomBody(60_000, root),
  });
}

function serveModules(): Handler {
  const resources = new Map<string, Resource>();
  for (const module of modules) {
    const escaped = module.path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
    const stem = `/goproxy/${escaped}/@v/${module.version}`;
    resources.set(`/goproxy/${escaped}/@v/list`, text(`${module.version}\n`));
    resources.set(`${stem}.info`, json({ Version: module.version, Time: '2020-01-01T00:00:00Z' }));
    resources.set(`${stem}.mod`, text(goMod(module)));
    resources.set(`${stem}.zip`, binary(packModule(module)));
  }
  return (served) => sendResource(served, resources.get(decodeURIComponent(served.url.pathname)));
}

function prepareGo(directory: string, baseUrl: string): Invocation {
  const requirements = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
  writeFileSync(
    join(directory, 'go.mod'),
    `module example.test/project\n\ngo 1.18\n\nrequire (\n${requirements})\n`,
  );
  const settings = {
    GOPROXY: `${baseUrl}/goproxy`,
    GOSUMDB: 'off',
    GONOSUMDB: '*',
    GOTOOLCHAIN: 'local',
    GOENV: 'off',
  };
  return {
    argv: ['go', 'mod', 'download'],
    env: hermeticEnvironment(directory, { ...settings, ...privateGoCaches(directory) }),
    cwd: directory,
  };
}

/** Go's caches below `directory`, removable by a plain user. */
export const privateGoCaches = (directory: string): NodeJS.ProcessEnv => ({
  GOPATH: join(directory, 'gopath'),
  GOMODCACHE: join(directory, 'modcache'),
  GOCACHE: join(directory, 'gocache'),
  GOFLAGS: '-mod=mod -modcacherw',
});

/** Module zips and go.mod files in the module cache; `.info` files are written anew by Go. */
export const storedByGo = (modcache: string): StoredFile[] =>
  storedBelow(join(modcache, 'cache', 'download'), { only: /@v\/.*\.(zip|mod)$/, asFetched: true });
