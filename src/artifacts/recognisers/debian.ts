// https://wiki.debian.org/DebianRepository/Format, https://manpages.debian.org/dsc.5
import { createDocument } from '../create-document.ts';
import { isDeb, readDescription, type SourceDescription } from '../debian/control.ts';
import { Repositories, type Statement } from '../debian/repositories.ts';
import { SourceFiles } from '../debian/source-files.ts';
import { isNotExamined, type NotExamined } from '../examine/not-examined.ts';
import { buildPurl } from '../purl.ts';
import type {
  Asked,
  DialogueOptions,
  Identity,
  Kept,
  Published,
  Recogniser,
  Recognition,
  Refinement,
} from '../recogniser.ts';
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
    const known = {
      repositories: new Repositories(options),
      sources: new SourceFiles(),
      learn: options.learn,
    };
    return (asked) => (asked.method === 'GET' ? recognise(asked, known) : undefined);
  },
};

/** What the run has taught so far. */
interface Known {
  readonly repositories: Repositories;
  readonly sources: SourceFiles;
  readonly learn: DialogueOptions['learn'];
}

function recognise(asked: Asked, known: Known): Recognition | undefined {
  const { repositories } = known;
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
  return recogniseFile(url, known);
}

function recogniseFile(url: UrlView, known: Known): Recognition | undefined {
  const binary = /deb$/i.test(url.fileName) ? binaryName.exec(url.fileName) : null;
  const source = findSource(url);
  const isDescribed = url.path.endsWith('.dsc') || known.sources.find(url) !== undefined;
  if (binary === null && source === null && !isDescribed) return undefined;
  known.repositories.expect(url);
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
    open: { keep: 'head', limit: HEAD_BYTES, read: (kept) => identifyFile(url, kept, known) },
  };
}

function findSource({ path, fileName }: UrlView): RegExpExecArray | null {
  return path.includes('/pool/') ? sourceName.exec(fileName) : null;
}

/** By what an index of this run says of the URL; else by what the bytes, or the description beside, say. */
async function identifyFile(
  url: UrlView,
  { bytes, examine }: Kept,
  known: Known,
): Promise<Refinement | undefined> {
  const description = url.path.endsWith('.dsc') ? readDescription(bytes) : undefined;
  if (description !== undefined) teach(url, description, known);
  // At once: an index takes seconds to read, and the run may end before.
  const alone = Promise.resolve(identifyAlone(url, { bytes, examine }, { description, known }));
  const statements = await known.repositories.about(url);
  const published = statements.flatMap(publish);
  // apt takes nothing from an index that is not the one of its Release, so it names nothing either.
  const naming = statements.find(({ contradicts }) => !contradicts);
  if (naming !== undefined) return { identity: identifyIndexed(naming, url.fileName), published };
  const identity = await alone;
  if (identity === 'not-an-artifact' || isNotExamined(identity)) return identity;
  return { ...(identity === undefined ? {} : { identity }), published };
}

/** By what the bytes, or the description beside, say of it. */
function identifyAlone(
  url: UrlView,
  { bytes, examine }: Pick<Kept, 'bytes' | 'examine'>,
  { description, known }: { description: SourceDescription | undefined; known: Known },
): ReturnType<typeof identifyPackage> | Partial<Identity> | 'not-an-artifact' | undefined {
  if (description !== undefined) return identifySource(description, url.fileName, 'embedded');
  const beside = known.sources.find(url);
  if (beside !== undefined || findSource(url) !== null) return identifySource(beside, url.fileName, 'index');
  return isDeb(bytes) ? identifyPackage(bytes, examine) : 'not-an-artifact';
}

/** The files that a source package's description lists are beside it. */
function teach(url: UrlView, description: SourceDescription, { sources, learn }: Known): void {
  for (const { url: key, sha256: value } of sources.add(url, description))
    learn({ key, published: [{ source: 'sidecar', from: url.href, algorithm: 'sha256', value }] });
}

async function identifyPackage(
  bytes: Buffer,
  examine: Kept['examine'],
): Promise<Partial<Identity> | NotExamined | undefined> {
  const control = await examine('control', { bytes });
  if (control === undefined || isNotExamined(control)) return control;
  const { name, version, architecture: arch } = control;
  const purl = buildPurl({ type: 'deb', name, version, qualifiers: { arch } });
  return { ...named(name, version), identifiedBy: 'embedded', purl };
}

function identifyIndexed({ file, release, listedIn }: Statement, fileName: string): Partial<Identity> {
  const { name, version, architecture } = file;
  // A Release speaks for the indices that it lists only.
  const vendor = listedIn === undefined ? undefined : vendorOf(release?.origin);
  const distro = listedIn === undefined ? undefined : release?.distribution;
  const qualifiers = { arch: architecture, distro, ...ownName(architecture, fileName) };
  return {
    ...named(name, version),
    identifiedBy: 'index',
    purl: buildPurl({ type: 'deb', namespace: vendor, name, version, qualifiers }),
  };
}

/** A source package has several files: the one that describes it bears its name, the others their own too. */
function ownName(architecture: string, fileName: string): { file_name?: string } {
  return architecture === 'source' && !fileName.endsWith('.dsc') ? { file_name: fileName } : {};
}

function identifySource(
  source: Pick<SourceDescription, 'name' | 'version'> | undefined,
  fileName: string,
  identifiedBy: Identity['identifiedBy'],
): Partial<Identity> | undefined {
  if (source === undefined) return undefined;
  const { name, version } = source;
  const qualifiers = { arch: 'source', ...ownName('source', fileName) };
  return {
    ...named(name, version),
    identifiedBy,
    purl: buildPurl({ type: 'deb', name, version, qualifiers }),
  };
}

function named(name: string, version: string): Pick<Identity, 'name' | 'version' | 'keys'> {
  return { name, version, keys: [`deb:${name}@${version}`] };
}

/** A package URL's namespace is the vendor. Where no Release names one, or a text, there is none. */
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
