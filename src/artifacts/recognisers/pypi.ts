// https://packaging.python.org/en/latest/specifications/simple-repository-api,
// https://packaging.python.org/en/latest/specifications/binary-distribution-format (wheel names)
import { decodeEntities } from '../html.ts';
import { parseJson, textOf, type JsonObject } from '../json.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Lesson, Published, Recogniser, Recognition } from '../recogniser.ts';
import { viewUrl, type UrlView } from '../url-view.ts';

const MAX_INDEX = 64 * 1024 * 1024;
const wheelName = /^([A-Za-z0-9_.]+)-([^-]+)(?:-(\d[^-]*))?-([^-]+)-([^-]+)-([^-]+)\.whl$/;
const sourceName = /^(.+)\.(?:tar\.gz|tar\.bz2|tar\.xz|tgz|zip)$/;
const eggName = /^([A-Za-z0-9_.]+)-([^-]+)(?:-py[^-]+)?(?:-[^-]+)?\.egg$/;
/** Where registries keep files by digest; other archives in the world have names like a source distribution's. */
const filePath =
  /\/packages\/(?:[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}\/|.*\/)[^/]+$|\/\+f\/[0-9a-f]{3}\/[0-9a-f]{13}\/[^/]+$/;

/** PyPI and its mirrors. */
export const pypi: Recogniser = {
  id: 'pypi',
  recognise(asked): Recognition | undefined {
    if (asked.method !== 'GET') return undefined;
    const identity = recogniseFile(asked.url);
    if (identity !== undefined) return { kind: 'artifact', identity };
    const project = projectOf(asked);
    if (project === undefined) return undefined;
    const isJson = /^application\/vnd\.pypi\.simple\.v1\+json\b/i.test(asked.header('content-type') ?? '');
    const from = asked.actualUrl.href;
    return {
      kind: 'metadata',
      limit: MAX_INDEX,
      learn: (body) =>
        isJson
          ? readJsonIndex(parseJson(body), project, from)
          : readHtmlIndex(body.toString(), project, from),
    };
  },
};

export function normaliseProject(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function recogniseFile({ fileName, path }: UrlView): Identity | undefined {
  const wheel = wheelName.exec(fileName) ?? eggName.exec(fileName);
  if (wheel !== null) return { ...identify(wheel[1] ?? '', wheel[2] ?? '', fileName), identifiedBy: 'path' };
  if (!filePath.test(path)) return undefined;
  // A source distribution by today's rule has exactly one hyphen; of older ones only an index knows the name.
  const [, name, version] = /^([A-Za-z0-9._]+)-([^-]+)$/.exec(sourceName.exec(fileName)?.[1] ?? '') ?? [];
  if (name === undefined || version === undefined || !/^v?\d/.test(version)) return undefined;
  return { ...identify(name, version, fileName), identifiedBy: 'path' };
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
    keys: [`pypi:${project}@${version}`],
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

function readJsonIndex(document: JsonObject | undefined, project: string, from: string): Lesson[] {
  const files = Array.isArray(document?.['files']) ? (document['files'] as unknown[]) : [];
  return files.flatMap((value) => {
    const file = (value ?? {}) as JsonObject;
    const url = viewUrl(textOf(file['url']) ?? '', from);
    const hashes = (file['hashes'] ?? {}) as JsonObject;
    return url === undefined ? [] : lessonOf(project, { url, from, sha256: textOf(hashes['sha256']) });
  });
}

function readHtmlIndex(page: string, project: string, from: string): Lesson[] {
  return [...page.matchAll(/<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].flatMap(
    ([, double, single]) => {
      const href = decodeEntities(double ?? single ?? '');
      const url = viewUrl(href, from);
      const sha256 = /#(?:.*&)?sha256=([0-9a-f]{64})(?:&|$)/i.exec(href)?.[1];
      return url === undefined ? [] : lessonOf(project, { url, from, sha256 });
    },
  );
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

function versionOf(fileName: string, project: string): string | undefined {
  const built = wheelName.exec(fileName) ?? eggName.exec(fileName);
  if (built !== null) return normaliseProject(built[1] ?? '') === project ? built[2] : undefined;
  const base = sourceName.exec(fileName)?.[1] ?? '';
  for (let at = base.indexOf('-'); at > 0; at = base.indexOf('-', at + 1)) {
    const version = base.slice(at + 1);
    if (normaliseProject(base.slice(0, at)) === project && /^v?\d/.test(version)) return version;
  }
  return undefined;
}
