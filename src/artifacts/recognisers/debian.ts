// https://wiki.debian.org/DebianRepository/Format, https://manpages.debian.org/dsc.5
import { createDocument } from '../create-document.ts';
import { isDeb, readStanza } from '../debian/control.ts';
import { Repositories, type Statement } from '../debian/repositories.ts';
import { isNotExamined, type NotExamined } from '../examine/not-examined.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Kept, Published, Recogniser, Recognition, Refinement } from '../recogniser.ts';
import type { UrlView } from '../url-view.ts';

const MAX_RELEASE = 16 * 1024 * 1024;
const MAX_INDEX = 256 * 1024 * 1024;
/** The control archive is at a package's beginning, and has some hundred bytes to some hundred KB. */
const HEAD_BYTES = 256 * 1024;
const releasePath = /\/(?:InRelease|Release)$/;
const indexPath =
  /\/(?:(?:Packages|Sources)(?:\.(?:xz|gz|zst))?|by-hash\/(?:SHA256\/[0-9a-f]{64}|SHA512\/[0-9a-f]{128}))$/;
const binaryName = /^(?:([a-z0-9][a-z0-9.+-]+)_[^_/]+_[a-z0-9-]+|[^/]+)\.(?:deb|udeb|ddeb)$/i;
/** Other archives in the world have such names too, so they are looked for in a pool only. */
const sourceName = /^([a-z0-9][a-z0-9.+-]+)_[^_/]+(?:\.dsc|\.diff\.gz|\.tar\.(?:gz|bz2|xz|lzma)(?:\.asc)?)$/;

/** Repositories of Debian packages, as apt uses them, and packages on their own. */
export const debian: Recogniser = {
  id: 'deb',
  follow(options) {
    const repositories = new Repositories(options);
    return (asked) => (asked.method === 'GET' ? recognise(asked, repositories) : undefined);
  },
};

function recognise(asked: Asked, repositories: Repositories): Recognition | undefined {
  const { url } = asked;
  if (releasePath.test(url.path)) {
    return createDocument('debian-release', MAX_RELEASE, (release) => {
      repositories.addRelease(url, release);
      return [];
    });
  }
  if (indexPath.test(url.path)) {
    const place = { url, isEncoded: asked.header('content-encoding') !== undefined };
    const study = (file: string): void => {
      repositories.addIndex(place, file);
    };
    return { kind: 'index', limit: MAX_INDEX, study };
  }
  return recogniseFile(url, repositories);
}

function recogniseFile(url: UrlView, repositories: Repositories): Recognition | undefined {
  const binary = binaryName.exec(url.fileName);
  const source = findSource(url);
  if (binary === null && source === null) return undefined;
  repositories.expect(url);
  const fromPath = binary?.[1] ?? source?.[1] ?? url.fileName;
  return {
    kind: 'artifact',
    identity: {
      class: 'package',
      ecosystem: 'deb',
      // No file name has the epoch of its version, so a path alone names no version.
      ...{ purl: null, name: fromPath, version: null, fileName: url.fileName },
      identifiedBy: 'path',
      keys: [],
    },
    open: { keep: 'head', limit: HEAD_BYTES, read: (kept) => identifyFile(url, kept, repositories) },
  };
}

function findSource({ path, fileName }: UrlView): RegExpExecArray | null {
  return path.includes('/pool/') ? sourceName.exec(fileName) : null;
}

/** By what an index of this run says of the URL; else by what the bytes say of themselves. */
async function identifyFile(
  url: UrlView,
  { bytes, examine }: Kept,
  repositories: Repositories,
): Promise<Refinement | undefined> {
  const statements = await repositories.about(url);
  const published = statements.flatMap(publish);
  // apt takes nothing from an index that is not the one of its Release, so it names nothing either.
  const naming = statements.find(({ contradicts }) => !contradicts);
  if (naming !== undefined) return { identity: identifyIndexed(naming, url.fileName), published };
  const isSource = findSource(url) !== null;
  if (!isSource && !isDeb(bytes)) return 'not-an-artifact';
  const identity = isSource ? identifyDescription(url, bytes) : await identifyPackage(bytes, examine);
  if (isNotExamined(identity)) return identity;
  return { ...(identity === undefined ? {} : { identity }), published };
}

async function identifyPackage(
  bytes: Buffer,
  examine: Kept['examine'],
): Promise<Partial<Identity> | NotExamined | undefined> {
  const control = await examine('control', { bytes });
  if (control === undefined || isNotExamined(control)) return control;
  return { ...named(control.name, control.version), identifiedBy: 'embedded' };
}

function identifyIndexed({ file, release, listedIn }: Statement, fileName: string): Partial<Identity> {
  const { name, version, architecture } = file;
  // A Release speaks for the indices that it lists only.
  const vendor = listedIn === undefined ? undefined : vendorOf(release?.origin);
  // A source package has several files: the one that describes it bears its name.
  const isNamed = vendor !== undefined && (architecture !== 'source' || fileName.endsWith('.dsc'));
  const qualifiers = { arch: architecture, distro: release?.distribution };
  return {
    ...named(name, version),
    identifiedBy: 'index',
    purl: isNamed ? buildPurl({ type: 'deb', namespace: vendor, name, version, qualifiers }) : null,
  };
}

function identifyDescription(url: UrlView, bytes: Buffer): Partial<Identity> | undefined {
  const stanza = url.path.endsWith('.dsc') ? readStanza(bytes) : undefined;
  const name = stanza?.get('source');
  const version = stanza?.get('version');
  return name && version ? { ...named(name, version), identifiedBy: 'embedded' } : undefined;
}

function named(name: string, version: string): Pick<Identity, 'name' | 'version' | 'keys'> {
  return { name, version, keys: [`deb:${name}@${version}`] };
}

/** A package URL's namespace is the vendor. Without one, or with one that is a text, there is none. */
function vendorOf(origin: string | undefined): string | undefined {
  const vendor = origin?.toLowerCase().replace(/^(debian) backports$/, '$1');
  return vendor !== undefined && /^[a-z0-9][a-z0-9 .+_-]{0,99}$/.test(vendor) ? vendor : undefined;
}

function publish({ file, indexUrl, listedIn, contradicts }: Statement): Published[] {
  if (file.sha256 === undefined) return [];
  return [
    {
      ...{ source: 'index', from: indexUrl, algorithm: 'sha256', value: file.sha256 },
      ...(listedIn === undefined ? {} : { listedIn }),
      ...(contradicts ? { comparable: false } : {}),
    },
  ];
}
