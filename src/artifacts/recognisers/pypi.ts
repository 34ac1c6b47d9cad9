// https://packaging.python.org/en/latest/specifications/simple-repository-api,
// https://packaging.python.org/en/latest/specifications/binary-distribution-format (wheel names)
import { normalisePythonVersion } from '../../support/python-version.ts';
import { createDocument } from '../create-document.ts';
import { readHtmlIndex, type IndexedFile } from '../documents/pypi-index.ts';
import { sourceOfBytes } from '../examine/byte-source.ts';
import { INLINE_BYTES } from '../examine/limits.ts';
import { transcodePage } from '../html.ts';
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
import { decodePath, viewUrl, type UrlView } from '../url-view.ts';

const MAX_INDEX = 256 * 1024 * 1024;
const wheelName = /^([^\s-]+)-(v?\d[^\s-]*)(?:-(\d[^-]*))?-([^\s-]+)-([^\s-]+)-([^\s-]+)\.whl$/;
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
  const identity = recogniseFile(fileNameOf(asked.url), asked.url.path, options);
  if (identity !== undefined) return { kind: 'artifact', identity, open: unlessPage };
  const project = projectOf(asked);
  if (project === undefined) return undefined;
  const type = asked.header('content-type') ?? '';
  const isJson = /^application\/vnd\.pypi\.simple\.v1\+json/i.test(type);
  const from = asked.actualUrl.href;
  const teach = (base: string | undefined, files: readonly IndexedFile[]): Lesson[] => {
    const root = viewUrl(base ?? '', from)?.href ?? from;
    return files.flatMap((file) => teachFile(file, { project, root, from }));
  };
  const transcode = isJson ? undefined : transcodePage(type);
  if (transcode === undefined) return createDocument(isJson ? 'pypi-json' : 'pypi-html', MAX_INDEX, teach);
  const learn = (body: Buffer): Lesson[] => {
    const { head, rows } = readHtmlIndex(sourceOfBytes(transcode(body)));
    return teach(head, rows);
  };
  return { kind: 'metadata', limit: INLINE_BYTES, learn };
}

export function normaliseProject(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** As pip reads it of a link: escapes of escapes are undone, and slashes at its end are none of it. */
function fileNameOf({ path }: UrlView): string {
  const bare = path.endsWith('/') ? path.replace(/(?<!\/)\/+$/, '') : path;
  return decodePath(bare.slice(bare.lastIndexOf('/') + 1));
}

function recogniseFile(
  fileName: string,
  path: string,
  options: Pick<DialogueOptions, 'lockedFiles'>,
): Identity | undefined {
  const [, name, version] = takeApartBuilt(fileName) ?? recogniseSource(fileName, path, options) ?? [];
  return name === undefined || version === undefined
    ? undefined
    : { ...identify(name, version, fileName), identifiedBy: 'path' };
}

function takeApartBuilt(fileName: string): RegExpExecArray | null {
  if (fileName.endsWith('.whl')) return wheelName.exec(fileName);
  return fileName.endsWith('.egg') ? eggName.exec(fileName) : null;
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
  const base = mayHoldSources(path) ? sourceName.exec(fileName)?.[1] : undefined;
  if (base === undefined) return undefined;
  const isKept = keptPaths.some((pattern) => pattern.test(path));
  const locked = isKept ? lockedFiles.get(`pypi:${fileName}`) : undefined;
  if (locked?.version != null) return [base, locked.name, locked.version];
  const parts = /^([A-Za-z0-9._]+)-(v?\d[^-]*)$/.exec(base);
  if (parts === null) return undefined;
  const [, name = '', version = ''] = parts;
  return isKept || isNamed(path, name, version) ? [base, name, version] : undefined;
}

/** All paths of `keptPaths` and `namedPath` have one of these. */
function mayHoldSources(path: string): boolean {
  return path.includes('/packages/') || path.includes('/+f/');
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

const indexTypes = /^(?:text\/html|application\/vnd\.pypi\.simple\.v1\+(?:json|html))/i;
const indexWished = /\bapplication\/vnd\.pypi\.simple\.v1\+(?:json|html)\b/i;

/** The project of a page of links: `…/simple/NAME/`, or `…/NAME/` where a client asks for such a page. */
function projectOf({ url, header, requestHeader }: Asked): string | undefined {
  if (!indexTypes.test(header('content-type') ?? '')) return undefined;
  const isAsked = indexWished.test(requestHeader('accept') ?? '');
  const [, simple, name] = /\/(\+?simple\/)?([A-Za-z0-9][A-Za-z0-9._-]*)\/?$/.exec(url.path) ?? [];
  return name !== undefined && (isAsked || simple !== undefined) ? normaliseProject(name) : undefined;
}

/** Some clients go by the name that an index states, others by that in the URL. */
function teachFile(
  { url: text, fileName: stated, sha256 }: IndexedFile,
  { project, root, from }: { project: string; root: string; from: string },
): Lesson[] {
  const url = viewUrl(text, root);
  if (url === undefined) return [];
  const names = new Set([stated, fileNameOf(url)].filter((name) => name !== undefined));
  return [...names].flatMap((fileName) => lessonOf(project, { url, fileName, from, sha256 }));
}

/** The project is known from the page, so that what follows it in a file's name is the version. */
function lessonOf(
  project: string,
  {
    url,
    fileName,
    from,
    sha256,
  }: { url: UrlView; fileName: string; from: string; sha256: string | undefined },
): Lesson[] {
  const version = versionOf(fileName, project);
  if (version === undefined) return [];
  const published: Published[] =
    sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256)
      ? [{ source: 'index', from, algorithm: 'sha256', value: sha256.toLowerCase() }]
      : [];
  return [{ key: url.href, identity: identify(project, version, fileName), published }];
}

/** No file system has longer names. */
const MAX_FILE_NAME = 255;

function versionOf(fileName: string, project: string): string | undefined {
  if (fileName.length > MAX_FILE_NAME) return undefined;
  const built = takeApartBuilt(fileName);
  if (built !== null) return normaliseProject(built[1] ?? '') === project ? built[2] : undefined;
  const base = sourceName.exec(fileName)?.[1] ?? '';
  for (let at = base.indexOf('-'); at > 0; at = base.indexOf('-', at + 1)) {
    const version = base.slice(at + 1);
    if (normaliseProject(base.slice(0, at)) === project && /^v?\d/.test(version)) return version;
  }
  return undefined;
}
