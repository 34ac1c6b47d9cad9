// https://go.dev/ref/mod#goproxy-protocol, https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1
import { createHash } from 'node:crypto';
import { buildPurl } from '../purl.ts';
import type { Identity, Kept, Lesson, Recogniser, Recognition, Refinement } from '../recogniser.ts';
import { openZip } from '../zip.ts';

/** The module proxy's own limit for the zip of a module. */
const MAX_ZIP = 500 * 1024 * 1024;
const MAX_LOOKUP = 64 * 1024;
const zipPath = /\/(.+)\/@v\/([^/]+)\.zip$/;
const lookupPath = /\/lookup\/[^/].*@v[^/]+$/;

/** Module proxies, and the checksum database on its own or through one. */
export const golang: Recogniser = {
  id: 'golang',
  recognise({ method, url, actualUrl }): Recognition | undefined {
    if (method !== 'GET') return undefined;
    const [, path, escaped] = zipPath.exec(url.path) ?? [];
    if (path !== undefined && escaped !== undefined) {
      const module = moduleOf(unescapeCase(path));
      const version = unescapeCase(escaped);
      if (module === undefined || version === undefined) return undefined;
      return {
        kind: 'artifact',
        identity: { ...identify(module, version), identifiedBy: 'path' },
        open: { keep: 'spool', limit: MAX_ZIP, read: (body) => readZip(body, module, version) },
      };
    }
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

/** Segments before the first one with a dot are the mirror's own. */
function moduleOf(path: string | undefined): string | undefined {
  const segments = path?.split('/') ?? [];
  const start = segments.findIndex((segment) => segment.includes('.'));
  return start < 0 ? undefined : segments.slice(start).join('/');
}

/** The digest that go.sum has: of the sorted list of the files' own digests. It reads every file of the zip. */
async function readZip({ file }: Kept, module: string, version: string): Promise<Refinement | undefined> {
  if (file === undefined) return undefined;
  const prefix = `${module}@${version}/`;
  const lines: { name: string; sha256: string }[] = [];
  try {
    for await (const { name, content } of openZip(file)) {
      if (!name.startsWith(prefix)) return 'not-an-artifact';
      const hash = createHash('sha256');
      for await (const chunk of content) hash.update(chunk as Buffer);
      lines.push({ name, sha256: hash.digest('hex') });
    }
  } catch {
    return undefined;
  }
  lines.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const sum = createHash('sha256');
  for (const { name, sha256 } of lines) sum.update(`${sha256}  ${name}\n`);
  return { identity: { identifiedBy: 'embedded' }, digests: { h1: sum.digest('base64') } };
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
