// https://doc.rust-lang.org/cargo/reference/registry-index.html
import { parseJson, textOf } from '../json.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Lesson, Recogniser, Recognition } from '../recogniser.ts';

const MAX_INDEX = 32 * 1024 * 1024;
const downloadPath = /\/crates\/([A-Za-z0-9_-]+)\/([^/]+)\/download$/;
const filePath = /\/([A-Za-z][A-Za-z0-9_-]*?)-(\d+\.\d+\.\d+[^/]*)\.crate$/;
/** `…/1/a`, `…/2/ab`, `…/3/a/abc`, `…/ab/cd/abcd`: the name's own letters say where its file lies. */
const indexPath = /\/(?:1\/(\w)|2\/([\w-]{2})|3\/\w\/([\w-]{3})|[\w-]{2}\/[\w-]{2}\/([\w-]{4,}))$/;

/** Cargo registries with a sparse index; a git index is fetched by git. */
export const cargo: Recogniser = {
  id: 'cargo',
  recognise(asked): Recognition | undefined {
    if (asked.method !== 'GET') return undefined;
    const { path } = asked.url;
    const [, name, version] = downloadPath.exec(path) ?? filePath.exec(path) ?? [];
    if (name !== undefined && version !== undefined) {
      return { kind: 'artifact', identity: { ...identify(name, version), identifiedBy: 'path' } };
    }
    return isIndexFile(asked)
      ? { kind: 'metadata', limit: MAX_INDEX, learn: (body) => readIndexFile(body, asked.actualUrl.href) }
      : undefined;
  },
};

function identify(name: string, version: string): Omit<Identity, 'identifiedBy'> {
  return {
    class: 'package',
    ecosystem: 'cargo',
    purl: buildPurl({ type: 'cargo', name, version }),
    name,
    version,
    fileName: `${name}-${version}.crate`,
    keys: [`cargo:${name}@${version}`],
  };
}

function isIndexFile({ url }: Asked): boolean {
  const [, ...names] = indexPath.exec(url.path) ?? [];
  const name = names.find(Boolean);
  if (name === undefined) return false;
  return name.length < 4 || url.path.endsWith(`/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`);
}

/** One JSON object a line, one line a version. */
function readIndexFile(body: Buffer, from: string): Lesson[] {
  return body
    .toString()
    .split('\n')
    .flatMap((line) => {
      const entry = line === '' ? undefined : parseJson(Buffer.from(line));
      const [name, version, checksum] = [entry?.['name'], entry?.['vers'], entry?.['cksum']].map(textOf);
      if (name === undefined || version === undefined || !/^[0-9a-f]{64}$/i.test(checksum ?? '')) return [];
      const value = (checksum ?? '').toLowerCase();
      return [
        {
          key: `cargo:${name}@${version}`,
          published: [{ source: 'index' as const, from, algorithm: 'sha256' as const, value }],
        },
      ];
    });
}
