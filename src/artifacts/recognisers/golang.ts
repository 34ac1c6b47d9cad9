// https://go.dev/ref/mod#goproxy-protocol
import { MAX_MODULE } from '../examine/limits.ts';
import { isNotExamined } from '../examine/not-examined.ts';
import { buildPurl } from '../purl.ts';
import type { Identity, Kept, Lesson, Recogniser, Recognition, Refinement } from '../recogniser.ts';

const MAX_LOOKUP = 64 * 1024;
const zipPath = /^\/(.+)\/@v\/([^/]+)\.zip$/;
/** Of the checksum database's tree: nothing but digests, which may begin like anything. */
const tilePath = /\/tile\/\d+\/(?:data|\d+)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d+)?$/;

/** Module proxies, and the checksum database on its own or through one. */
export const golang: Recogniser = {
  id: 'golang',
  recognise({ method, url, actualUrl }): Recognition | undefined {
    if (method !== 'GET') return undefined;
    const [, path, escaped] = (url.path.endsWith('.zip') ? zipPath.exec(url.path) : null) ?? [];
    if (path !== undefined && escaped !== undefined) {
      const version = unescapeCase(escaped);
      if (version === undefined) return undefined;
      return {
        kind: 'artifact',
        identity: identifyByPath(path, version),
        open: { keep: 'spool', limit: MAX_MODULE, read: (body) => readZip(body, { path, version }) },
      };
    }
    if (tilePath.test(url.path)) return { kind: 'metadata', limit: 0, learn: () => [] };
    return isLookup(url.path)
      ? { kind: 'metadata', limit: MAX_LOOKUP, learn: (body) => readLookup(body.toString(), actualUrl.href) }
      : undefined;
  },
};

/** `…/lookup/MODULE@VERSION`: a version has no slash. */
function isLookup(path: string): boolean {
  const at = path.indexOf('/lookup/');
  if (at < 0) return false;
  const named = path.slice(at + '/lookup/'.length);
  const version = named.indexOf('@v', named.lastIndexOf('/') + 1);
  return !named.startsWith('/') && version > 0 && version + 2 < named.length;
}

function identify(module: string, version: string): Omit<Identity, 'identifiedBy'> {
  const at = module.lastIndexOf('/');
  return {
    class: 'package',
    ecosystem: 'golang',
    purl: buildPurl({
      type: 'golang',
      namespace: at < 0 ? undefined : module.slice(0, at),
      name: module.slice(at + 1),
      version,
    }),
    name: module,
    version,
    fileName: null,
    keys: [`golang:${module}@${version}`],
  };
}

/** `!x` stands for `X`; undefined for what no escaping makes. */
function unescapeCase(text: string): string | undefined {
  if (/[A-Z]|!(?![a-z])/.test(text)) return undefined;
  return text.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function escapeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** Segments before the first one with a dot are most likely the mirror's own; the zip itself says. */
function identifyByPath(path: string, version: string): Identity {
  const segments = path.split('/');
  const start = segments.findIndex((segment) => segment.includes('.'));
  const module = start < 0 ? undefined : unescapeCase(segments.slice(start).join('/'));
  if (module !== undefined) return { ...identify(module, version), identifiedBy: 'path' };
  return { ...identify(path, version), purl: null, keys: [], identifiedBy: 'guess' };
}

/** @param path of the module as it was asked for, with what a mirror puts before it */
async function readZip(
  { file, examine }: Kept,
  { path, version }: { path: string; version: string },
): Promise<Refinement | undefined> {
  if (file === undefined) return undefined;
  const zip = await examine('go-module', { file, version });
  if (zip === undefined || isNotExamined(zip)) return zip;
  if (zip.kind !== 'module')
    return zip.kind === 'page' ? 'a-page' : zip.kind === 'other' ? 'not-an-artifact' : undefined;
  const { path: module, h1 } = zip;
  if (!`/${path}`.endsWith(`/${escapeCase(module)}`)) return 'not-an-artifact';
  return { identity: { ...identify(module, version), identifiedBy: 'embedded' }, digests: { h1 } };
}

/** What the checksum database says of one version; its signature is the go command's to check. */
function readLookup(text: string, from: string): Lesson[] {
  return text.split('\n').flatMap((line) => {
    const [, module, version, value] = /^(\S+) (v\S+) h1:([A-Za-z0-9+/]{43}=)$/.exec(line) ?? [];
    if (module === undefined || version === undefined || value === undefined || version.endsWith('/go.mod'))
      return [];
    return [
      { key: `golang:${module}@${version}`, published: [{ source: 'index', from, algorithm: 'h1', value }] },
    ];
  });
}
