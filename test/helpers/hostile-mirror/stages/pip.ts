import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../origin/random.ts';
import { createTarGz } from '../../registries/archives/tar.ts';
import { createZip } from '../../registries/archives/zip.ts';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { bytes, typed, type Reply } from '../reply.ts';
import { takenFrom, type Registry, type Stage } from '../stage.ts';

interface Named {
  readonly name?: string;
  readonly version?: string;
}

/** A wheel whose module says whose it is. */
export function wheel(mark: string, { name = 'demo', version = '1.0' }: Named = {}): Buffer {
  const info = `${name}-${version}.dist-info`;
  const module = 'demo/__init__.py';
  return createZip({
    [module]: `# taken: ${mark}\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: twin\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: [module, `${info}/METADATA`, `${info}/WHEEL`, `${info}/RECORD`].join(',,\n') + ',,\n',
  });
}

const backend = (mark: string): string => `import os, zipfile
INFO = "demo-1.0.dist-info"
METADATA = "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n"
WHEEL = "Wheel-Version: 1.0\\nGenerator: twin\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    os.mkdir(os.path.join(directory, INFO))
    for name, text in (("METADATA", METADATA), ("WHEEL", WHEEL)):
        with open(os.path.join(directory, INFO, name), "w") as file:
            file.write(text)
    return INFO

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        wheel.writestr("demo/__init__.py", "# taken: ${mark}\\n")
        wheel.writestr(f"{INFO}/METADATA", METADATA)
        wheel.writestr(f"{INFO}/WHEEL", WHEEL)
        wheel.writestr(f"{INFO}/RECORD", "demo/__init__.py,,\\n")
    return name
`;

/** The same as a source distribution. */
export const sdist = (mark: string): Buffer =>
  createTarGz({
    'demo-1.0/PKG-INFO': 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
    'demo-1.0/pyproject.toml':
      '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    'demo-1.0/backend.py': backend(mark),
  });

export const wheelName = 'demo-1.0-py3-none-any.whl';
export const page = (body: string, type = 'text/html'): Reply =>
  typed(type, `<!DOCTYPE html><html><body>${body}</body></html>`);

const good = wheel('good');
const file = `/files/${wheelName}`;

/** pip checks nothing but what the index says, beside a poetry.lock that it does not read. */
export const pip: Stage = {
  client: 'pip',
  needs: ['pip'],
  good,
  evil: wheel('evil'),
  file,
  registry(base, served): Registry {
    const listed = served.listed ?? (Buffer.isBuffer(served.file) ? served.file : undefined);
    const fragment = listed === undefined ? '' : `#sha256=${sha256(listed)}`;
    return new Map([
      ['/simple/demo/', page(`<a href="${base}${file}${fragment}">${wheelName}</a>`)],
      [file, Buffer.isBuffer(served.file) ? bytes(served.file) : served.file],
    ]);
  },
  prepare(directory, base) {
    const hash = `{file = "${wheelName}", hash = "sha256:${sha256(good)}"}`;
    const entry = (name: string, file: string): string =>
      `[[package]]\nname = "${name}"\nversion = "1.0"\nfiles = [\n    ${file},\n]\n`;
    // The one who owns the mirror may own a package that is locked, too.
    const others = `{file = "other-1.0-py3-none-any.whl", hash = "sha256:${sha256(wheel('evil'))}"}`;
    writeFileSync(join(directory, 'poetry.lock'), entry('demo', hash) + entry('other', others));
    const quiet = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PIP_ROOT_USER_ACTION: 'ignore' };
    const options = ['--no-cache-dir', '--no-compile', '--retries', '0', '--target', 'installed'];
    // It tells the digest of the file that was installed.
    const report = ['--report', 'report.json'];
    return {
      argv: ['pip', 'install', ...options, ...report, '--index-url', `${base}/simple/`, 'demo==1.0'],
      env: hermeticEnvironment(directory, { PIP_CONFIG_FILE: '/dev/null', ...quiet }),
      cwd: directory,
    };
  },
  taken: (directory) =>
    takenFrom(join(directory, 'installed/demo/__init__.py'), () =>
      readFileSync(join(directory, 'report.json'), 'utf8').includes(sha256(good)),
    ),
};
