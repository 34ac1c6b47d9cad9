// https://doc.rust-lang.org/cargo/reference/registry-index.html
import { Downloads, type Release } from '../cargo/downloads.ts';
import { createDocument } from '../create-document.ts';
import { receive } from '../publish/receive.ts';
import { buildPurl } from '../purl.ts';
import { unlessPage } from '../unless-page.ts';
import { decodePath } from '../url-view.ts';
import type { Asked, Identity, Lesson, Published, Recogniser, Recognition } from '../recogniser.ts';

const MAX_INDEX = 32 * 1024 * 1024;
const MAX_CONFIGURATION = 64 * 1024;
const downloadPath = /\/crates\/([A-Za-z0-9_-]+)\/([^/]+)\/download$/;
const filePath = /\/([A-Za-z][A-Za-z0-9_-]*?)-(\d+\.\d+\.\d[^/]*)\.crate$/;
/** `…/1/a`, `…/2/ab`, `…/3/a/abc`, `…/ab/cd/abcd`: the name's own letters say where its file lies. */
const indexPath = /\/(?:1\/(\w)|2\/([\w-]{2})|3\/\w\/([\w-]{3})|[\w-]{2}\/[\w-]{2}\/([\w-]{4,}))$/;

/** Cargo registries with a sparse index; a git index is fetched by git. */
export const cargo: Recogniser = {
  id: 'cargo',
  listen:
    (options) =>
    ({ method, url }) =>
      method === 'PUT' && url.path.endsWith('/api/v1/crates/new')
        ? receive({ form: 'cargo', contentType: '', identify }, options)
        : undefined,
  follow() {
    const downloads = new Downloads();
    return (asked) => (asked.method === 'GET' ? recognise(asked, downloads) : undefined);
  },
};

function recognise(asked: Asked, downloads: Downloads): Recognition | undefined {
  const { href, path } = asked.url;
  const [, name, version] = nameIn(path);
  if (name !== undefined && version !== undefined) {
    return {
      kind: 'artifact',
      identity: { ...identify(name, version), identifiedBy: 'path' },
      open: unlessPage,
    };
  }
  if (path.endsWith('/config.json')) {
    const learn = (body: Buffer): Lesson[] => {
      downloads.addConfiguration(href.slice(0, -'config.json'.length), body);
      return [];
    };
    return { kind: 'metadata', limit: MAX_CONFIGURATION, learn };
  }
  const file = indexFileOf(path);
  if (file === undefined) return undefined;
  const root = href.slice(0, -file.length);
  const from = asked.actualUrl.href;
  return createDocument('cargo-index', MAX_INDEX, (_, releases) =>
    releases.flatMap((release) => teach(release, from, downloads.find(root, release))),
  );
}

function nameIn(path: string): readonly (string | undefined)[] {
  if (path.endsWith('/download')) return downloadPath.exec(path) ?? [];
  return (path.endsWith('.crate') ? filePath.exec(path) : null) ?? [];
}

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

/** The part of the path below the index. */
function indexFileOf(path: string): string | undefined {
  const [file, ...names] = indexPath.exec(path) ?? [];
  const name = names.find(Boolean);
  if (file === undefined || name === undefined) return undefined;
  return name.length < 4 || file === `/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`
    ? file.slice(1)
    : undefined;
}

/** A registry may keep its files where no path names them. */
function teach({ name, version, checksum }: Release, from: string, url: string | undefined): Lesson[] {
  const identity = identify(name, version);
  const published: Published[] = [{ source: 'index', from, algorithm: 'sha256', value: checksum }];
  const [, named, ofVersion] = url === undefined ? [] : nameIn(decodePath(new URL(url).pathname));
  const isPlain = url === undefined || (named === name && ofVersion === version);
  return [...identity.keys.map((key) => ({ key, published })), ...(isPlain ? [] : [{ key: url, identity }])];
}
