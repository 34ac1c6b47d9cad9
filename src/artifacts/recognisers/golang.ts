// https://go.dev/ref/mod#goproxy-protocol, https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1
import { createHash } from 'node:crypto';
import { buildPurl } from '../purl.ts';
import type { Identity, Kept, Lesson, Recogniser, Recognition, Refinement } from '../recogniser.ts';
import { isPageFile } from '../unless-page.ts';
import { openZip } from '../zip.ts';

/** The module proxy's own limit for the zip of a module. */
const MAX_ZIP = 500 * 1024 * 1024;
const MAX_LOOKUP = 64 * 1024;
const zipPath = /\/(.+)\/@v\/([^/]+)\.zip$/;
/** Of the checksum database's tree: nothing but digests, which may begin like anything. */
const tilePath = /\/tile\/\d+\/(?:data|\d+)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d+)?$/;
const lookupPath = /\/lookup\/[^/].*@v[^/]+$/;

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
        open: { keep: 'spool', limit: MAX_ZIP, read: (body) => readZip(body, path, version) },
      };
    }
    if (tilePath.test(url.path)) return { kind: 'metadata', limit: 0, learn: () => [] };
    return lookupPath.test(url.path)
      ? { kind: 'metadata', limit: MAX_LOOKUP, learn: (body) => readLookup(body.toString(), actualUrl.href) }
      : undefined;
  },
};

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

/**
 * The digest that go.sum has: of the sorted list of the files' own digests. It reads every file of the zip.
 * @param path of the module as it was asked for, with what a mirror puts before it
 */
async function readZip({ file }: Kept, path: string, version: string): Promise<Refinement | undefined> {
  if (file === undefined) return undefined;
  let module: string | undefined;
  const lines: { name: string; sha256: string }[] = [];
  try {
    for await (const { name, content } of openZip(file)) {
      module ??= name.slice(0, Math.max(name.indexOf(`@${version}/`), 0));
      if (module === '' || !name.startsWith(`${module}@${version}/`)) return 'not-an-artifact';
      const hash = createHash('sha256');
      for await (const chunk of content) hash.update(chunk as Buffer);
      lines.push({ name, sha256: hash.digest('hex') });
    }
  } catch {
    return isPageFile(file) ? 'a-page' : undefined;
  }
  if (module === undefined || !`/${path}`.endsWith(`/${escapeCase(module)}`)) return 'not-an-artifact';
  lines.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const sum = createHash('sha256');
  for (const { name, sha256 } of lines) sum.update(`${sha256}  ${name}\n`);
  return {
    identity: { ...identify(module, version), identifiedBy: 'embedded' },
    digests: { h1: sum.digest('base64') },
  };
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
