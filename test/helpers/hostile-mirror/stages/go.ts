import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createZip } from '../../registries/archives/zip.ts';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { privateGoCaches } from '../../registries/go/go-twin.ts';
import { bytes, jsonOf, typed } from '../reply.ts';
import { takenFrom, type Registry, type Stage } from '../stage.ts';

const root = 'demo.test/mod@v1.0.0';
const goMod = 'module demo.test/mod\n\ngo 1.18\n';

export const filesOf = (mark: string): Record<string, string> => ({
  [`${root}/code.go`]: `package mod // taken: ${mark}\n`,
  [`${root}/go.mod`]: goMod,
});

export const stem = '/goproxy/demo.test/mod/@v/v1.0.0';
const good = createZip(filesOf('good'));
const file = `${stem}.zip`;

/** The digest that go.sum has, of files in the order of their names. */
function sumOf(files: Record<string, string>): string {
  const lines = Object.entries(files).map(
    ([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`,
  );
  return `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`;
}

/** `go mod download` of a module without a go.sum, which another directory has. */
export const go: Stage = {
  client: 'go',
  needs: ['go'],
  good,
  evil: createZip(filesOf('evil')),
  file,
  registry(_base, served): Registry {
    return new Map([
      ['/goproxy/demo.test/mod/@v/list', typed('text/plain', 'v1.0.0\n')],
      [`${stem}.info`, jsonOf({ Version: 'v1.0.0', Time: '2020-01-01T00:00:00Z' })],
      [`${stem}.mod`, typed('text/plain', goMod)],
      [file, Buffer.isBuffer(served.file) ? bytes(served.file) : served.file],
    ]);
  },
  prepare(directory, base) {
    const project = join(directory, 'project');
    for (const place of [project, join(directory, 'locked')]) mkdirSync(place);
    writeFileSync(
      join(project, 'go.mod'),
      'module example.test/project\n\ngo 1.18\n\nrequire demo.test/mod v1.0.0\n',
    );
    writeFileSync(join(directory, 'locked/go.sum'), `demo.test/mod v1.0.0 ${sumOf(filesOf('good'))}\n`);
    const settings = {
      GOPROXY: `${base}/goproxy`,
      GOSUMDB: 'off',
      GONOSUMDB: '*',
      GOTOOLCHAIN: 'local',
      GOENV: 'off',
    };
    return {
      argv: ['go', 'mod', 'download'],
      env: hermeticEnvironment(directory, { ...settings, ...privateGoCaches(directory) }),
      cwd: project,
      own: ['--lockfile', join(directory, 'locked/go.sum')],
    };
  },
  taken(directory) {
    // The digest of the files, as Go has computed it.
    const hash = join(directory, 'modcache/cache/download/demo.test/mod/@v/v1.0.0.ziphash');
    const installed = join(directory, `modcache/${root}/code.go`);
    return takenFrom(installed, () => readFileSync(hash, 'utf8').trim() === sumOf(filesOf('good')));
  },
};
