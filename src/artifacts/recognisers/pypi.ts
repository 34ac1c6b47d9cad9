// https://packaging.python.org/en/latest/specifications/simple-repository-api,
// https://packaging.python.org/en/latest/specifications/binary-distribution-format (wheel names)
import { normalisePythonVersion } from '../../support/python-version.ts';
import { createDocument } from '../create-document.ts';
import type { IndexedFile } from '../documents/pypi-index.ts';
import { receive } from '../publish/receive.ts';
import { buildPurl } from '../purl.ts';
import type {
  Asked,
  DialogueOptions,
  Identity,
  Lesson,
  Published,
  Recogniser,
  Recognition,
} from '../recogniser.ts';
import { unlessPage } from '../unless-page.ts';
import { viewUrl, type UrlView } from '../url-view.ts';

const MAX_INDEX = 256 * 1024 * 1024;
const wheelName = /^([A-Za-z0-9_.]+)-(v?\d[^-]*)(?:-(\d[^-]*))?-([^-]+)-([^-]+)-([^-]+)\.whl$/;
const sourceName = /^(.+)\.(?:tar\.gz|tar\.bz2|tar\.xz|tgz|zip)$/;
const eggName = /^([A-Za-z0-9_.]+)-(v?\d[^-]*)(?:-py[^-]+)?(?:-[^-]+)?\.egg$/;
/**
 * Where registries keep files, by digest or by name; other archives in the world have names like a source
 * distribution's, and other registries have folders called `packages`.
 */
const keptPaths = [
  /\/packages\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}\/[^/]+$/,
  /\/\+f\/[0-9a-f]{3}\/[0-9a-f]{13}\/[^/]+$/,
  /\/packages\/pypi\/files\/[0-9a-f]{64}\/[^/]+$/,
];
const namedPath = /\/packages\/(?:[a-z0-9.]+\/(\w)\/([^/]+)|([^/]+)\/([^/]+))\/[^/]+$/;

/** The file comes last, after the whole description. */
const uploadSign = { text: 'name=":action"', within: 4 * 1024 * 1024 };

/** PyPI and its mirrors. */
export const pypi: Recogniser = {
  id: 'pypi',
  listen:
    (options) =>
    ({ method, header }) => {
      if (method !== 'POST') return undefined;
      const contentType = header('content-type') ?? '';
      if (!/^multipart\/form-data\b/i.test(contentType)) return undefined;
      return receive({ form: 'pypi', contentType, sign: uploadSign, identify }, options);
    },
  follow: (options) => (asked) => recognise(asked, options),
};

function recognise(asked: Asked, options: Pick<DialogueOptions, 'lockedFiles'>): Recognition | undefined {
  if (asked.method !== 'GET') return undefined;
  const identity = recogniseFile(asked.url, options);
  if (identity !== undefined) return { kind: 'artifact', identity, open: unlessPage };
  const project = projectOf(asked);
  if (project === undefined) return undefined;
  const isJson = /^application\/vnd\.pypi\.simple\.v1\+json\b/i.test(asked.header('content-type') ?? '');
  const from = asked.actualUrl.href;
  const teach = (base: string | undefined, files: readonly IndexedFile[]): Lesson[] => {
    const root = viewUrl(base ?? '', from)?.href ?? from;
    return files.flatMap(({ url: text, sha256 }) => {
      const url = viewUrl(text, root);
      return url === undefined ? [] : lessonOf(project, { url, from, sha256 });
    });
  };
  return createDocument(isJson ? 'pypi-json' : 'pypi-html', MAX_INDEX, teach);
}

export function normaliseProject(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function recogniseFile(
  { fileName, path }: UrlView,
  options: Pick<DialogueOptions, 'lockedFiles'>,
): Identity | undefined {
  const built = wheelName.exec(fileName) ?? eggName.exec(fileName);
  const [, name, version] = built ?? recogniseSource(fileName, path, options) ?? [];
  return name === undefined || version === undefined
    ? undefined
    : { ...identify(name, version, fileName), identifiedBy: 'path' };
}

/**
 * A source distribution by today's rule has exactly one hyphen; of older ones only an index knows the name, or a
 * lockfile.
 */
function recogniseSource(
  fileName: string,
  path: string,
  { lockedFiles }: Pick<DialogueOptions, 'lockedFiles'>,
): readonly [string, string, string] | undefined {
  const base = sourceName.exec(fileName)?.[1];
  if (base === undefined) return undefined;
  const isKept = keptPaths.some((pattern) => pattern.test(path));
  const locked = isKept ? lockedFiles.get(`pypi:${fileName}`) : undefined;
  if (locked?.version != null) return [base, locked.name, locked.version];
  const [, name, version] = /^([A-Za-z0-9._]+)-(v?\d[^-]*)$/.exec(base) ?? [];
  if (name === undefined || version === undefined) return undefined;
  return isKept || isNamed(path, name, version) ? [base, name, version] : undefined;
}

/** Whether the folders say so too: `…/packages/NAME/VERSION/FILE`, `…/packages/source/N/NAME/FILE`. */
function isNamed(path: string, name: string, version: string): boolean {
  const [, letter, listed, project = listed, folder = version] = namedPath.exec(path) ?? [];
  if (project === undefined || normaliseProject(project) !== normaliseProject(name)) return false;
  if (letter !== undefined) return project.startsWith(letter);
  return normalisePythonVersion(folder) === normalisePythonVersion(version);
}

function identify(name: string, version: string, fileName: string): Omit<Identity, 'identifiedBy'> {
  const project = normaliseProject(name);
  return {
    class: 'package',
    ecosystem: 'pypi',
    purl: buildPurl({ type: 'pypi', name: project, version, qualifiers: { file_name: fileName } }),
    name: project,
    version,
    fileName,
    keys: [`pypi:${project}@${normalisePythonVersion(version)}`],
  };
}

/** The project of a page of links: `…/simple/NAME/`. */
function projectOf({ url, header }: Asked): string | undefined {
  const name = /\/\+?simple\/([A-Za-z0-9][A-Za-z0-9._-]*)\/?$/.exec(url.path)?.[1];
  const isIndex = /^(?:text\/html|application\/vnd\.pypi\.simple\.v1\+(?:json|html))\b/i.test(
    header('content-type') ?? '',
  );
  return isIndex && name !== undefined ? normaliseProject(name) : undefined;
}

/** The project is known from the page, so that what follows it in a file's name is the version. */
function lessonOf(
  project: string,
  { url, from, sha256 }: { url: UrlView; from: string; sha256: string | undefined },
): Lesson[] {
  const version = versionOf(url.fileName, project);
  if (version === undefined) return [];
  const published: Published[] =
    sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256)
      ? [{ source: 'index', from, algorithm: 'sha256', value: sha256.toLowerCase() }]
      : [];
  return [{ key: url.href, identity: identify(project, version, url.fileName), published }];
}

/** No file system has longer names. */
const MAX_FILE_NAME = 255;

function versionOf(fileName: string, project: string): string | undefined {
  if (fileName.length > MAX_FILE_NAME) return undefined;
  const built = wheelName.exec(fileName) ?? eggName.exec(fileName);
  if (built !== null) return normaliseProject(built[1] ?? '') === project ? built[2] : undefined;
  const base = sourceName.exec(fileName)?.[1] ?? '';
  for (let at = base.indexOf('-'); at > 0; at = base.indexOf('-', at + 1)) {
    const version = base.slice(at + 1);
    if (normaliseProject(base.slice(0, at)) === project && /^v?\d/.test(version)) return version;
  }
  return undefined;
}
