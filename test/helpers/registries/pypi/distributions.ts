import { createHash } from 'node:crypto';
import { randomBody } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';
import { createZip } from '../archives/zip.ts';

/** A generated Python distribution file. */
export interface Distribution {
  readonly project: string;
  readonly fileName: string;
  readonly content: Buffer;
  /** Core metadata as a separate file (PEP 658), for wheels. */
  readonly metadata?: string;
}

interface Project {
  /** With underscores, as in file names. */
  readonly name: string;
  readonly version: string;
  readonly requires?: string;
}

/** The name is as requirements have it: pip before 23.1 compares the two as text. */
const metadataOf = ({ name, version, requires }: Project): string =>
  [
    `Metadata-Version: 2.1`,
    `Name: ${name.replaceAll('_', '-')}`,
    `Version: ${version}`,
    ...(requires ? [`Requires-Dist: ${requires}`] : []),
  ]
    .join('\n')
    .concat('\n');

/** A pure wheel with `size` random bytes of data and a correct RECORD. */
export function createWheel(project: Project, size: number): Distribution {
  const stem = `${project.name}-${project.version}`;
  const metadata = metadataOf(project);
  const files: Record<string, Buffer | string> = {
    [`${project.name}/__init__.py`]: `version = "${project.version}"\n`,
    [`${project.name}/data.bin`]: randomBody(size, stem),
    [`${stem}.dist-info/METADATA`]: metadata,
    [`${stem}.dist-info/WHEEL`]:
      'Wheel-Version: 1.0\nGenerator: twin\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = Object.entries(files).map(([name, content]) => {
    const digest = createHash('sha256').update(content).digest('base64url');
    return `${name},sha256=${digest},${Buffer.byteLength(content)}\n`;
  });
  const recordName = `${stem}.dist-info/RECORD`;
  const content = createZip({ ...files, [recordName]: `${record.join('')}${recordName},,\n` });
  return { project: project.name, fileName: `${stem}-py3-none-any.whl`, content, metadata };
}

/** Builds itself without any requirement: its build backend is in the archive, so nothing else is fetched. */
const backend = (project: Project): string => `import os, zipfile
NAME, VERSION = "${project.name}", "${project.version}"
INFO = f"{NAME}-{VERSION}.dist-info"
METADATA = f"Metadata-Version: 2.1\\nName: {NAME}\\nVersion: {VERSION}\\n"
WHEEL = "Wheel-Version: 1.0\\nGenerator: twin\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    os.mkdir(os.path.join(directory, INFO))
    for name, text in (("METADATA", METADATA), ("WHEEL", WHEEL)):
        with open(os.path.join(directory, INFO, name), "w") as file:
            file.write(text)
    return INFO

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        wheel.writestr(f"{NAME}/__init__.py", "")
        wheel.writestr(f"{INFO}/METADATA", METADATA)
        wheel.writestr(f"{INFO}/WHEEL", WHEEL)
        wheel.writestr(f"{INFO}/RECORD", "")
    return name
`;

/** A source distribution with its own build backend. */
export function createSdist(project: Project): Distribution {
  const stem = `${project.name}-${project.version}`;
  const buildSystem = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
  const about = `[project]\nname = "${project.name}"\nversion = "${project.version}"\n`;
  const content = createTarGz({
    [`${stem}/PKG-INFO`]: metadataOf(project),
    [`${stem}/pyproject.toml`]: buildSystem + about,
    [`${stem}/backend.py`]: backend(project),
  });
  return { project: project.name, fileName: `${stem}.tar.gz`, content };
}
