// https://maven.apache.org/repositories/layout.html, https://maven.apache.org/resolver/about-checksums.html
import type { HashAlgorithm } from '../../model/observer.ts';
import { receiveFile } from '../publish/receive.ts';
import { buildPurl } from '../purl.ts';
import { createDocument } from '../create-document.ts';
import { examineDocument } from '../examine/examine-document.ts';
import { RepositoryRoots } from '../maven/groups.ts';
import { unlessPage } from '../unless-page.ts';
import type { NotExamined } from '../examine/not-examined.ts';
import type {
  Asked,
  Identity,
  Lesson,
  Opening,
  Published,
  Recogniser,
  Recognition,
  Refinement,
} from '../recogniser.ts';

const MAX_SIDECAR = 4096;
const MAX_DESCRIPTION = 4 * 1024 * 1024;
const metadataPath = /^(.*)\/([^/]+)\/(?:[^/]*-SNAPSHOT\/)?maven-metadata[\w.-]*\.xml$/;
const filePath = /^(.*?)\/([^/]+)\/([^/]+)\/([^/]+)$/;
const sidecar = /\.(sha1|sha256|sha512|md5)$/;
const extensions =
  /\.(jar|pom|aar|war|ear|module|klib|zip|tar\.gz|tar\.bz2|tar\.xz|dll|so|exe|nar|hpi|apklib|swc|rpm|deb|xml|json|toml)$/;
/** What has other places in the world that look the same is taken for Maven's only where its repository is known. */
const ownExtensions = /^(?:jar|pom|aar|war|ear|module|klib|nar|hpi|apklib|swc)$/;
/** What mirrors and registries put before the group, from the root of the host. */
const prefixes =
  /^(?:[^/]+\/)?(?:maven2|m2|maven|repository\/[^/]+|artifactory\/[^/]+|nexus\/content\/(?:repositories|groups)\/[^/]+|packages\/maven|_packaging\/[^/]+\/maven\/v1)$/;
/** A group begins with a reversed domain, so a first segment like these is its own. */
const domains = /^(?:com|org|net|io|dev|edu|gov|de|uk|fr|me|app|info|biz|co|eu|ch|jp|cn|ru|ai|tech|cloud)$/;

/** A group, and how it was found. */
interface Group {
  readonly name: string;
  readonly by: Identity['identifiedBy'];
}

interface RepositoryFile {
  /** The folder above the artifact's own. */
  readonly before: string;
  readonly artifact: string;
  readonly version: string;
  readonly fileName: string;
  readonly classifier: string;
  readonly extension: string;
}

/** Maven repositories, as Maven and Gradle use them. */
export const maven: Recogniser = {
  id: 'maven',
  listen:
    () =>
    ({ method, url }) => {
      const file = method === 'PUT' && !sidecar.test(url.path) ? takeApart(url.path) : undefined;
      const group = file && findGroup(file);
      return file === undefined || group === undefined ? undefined : receiveFile(identify(group, file));
    },
  follow() {
    const roots = new RepositoryRoots();
    return (asked) => (asked.method === 'GET' ? recognise(asked, roots) : undefined);
  },
};

function recognise(asked: Asked, roots: RepositoryRoots): Recognition | undefined {
  const { origin, path } = asked.url;
  const algorithm = sidecar.exec(path)?.[1] as Published['algorithm'] | undefined;
  if (algorithm !== undefined) {
    return takeApart(path.slice(0, -algorithm.length - 1)) === undefined
      ? undefined
      : { kind: 'metadata', limit: MAX_SIDECAR, learn: (body) => readSidecar(body, algorithm, asked) };
  }
  const [, above, artifact] = (path.endsWith('.xml') ? metadataPath.exec(path) : null) ?? [];
  if (above !== undefined && artifact !== undefined) {
    return createDocument('maven-metadata', MAX_DESCRIPTION, (coordinates) => {
      roots.confirm(origin + above, artifact, coordinates);
      return [];
    });
  }
  const file = takeApart(path);
  if (file === undefined) return undefined;
  const group = findGroup(file, roots.groupOf(origin + file.before));
  if (group === undefined) return undefined;
  const open = openDescription(file, origin, roots);
  return {
    kind: 'artifact',
    identity: identify(group, file),
    published: headerDigests(asked),
    // Sidecars are asked for after the file.
    digests: ['sha1', 'md5', 'sha512'],
    ...(open === undefined ? {} : { open }),
  };
}

/** A file that says itself of which group it is, or one that is an archive. */
function openDescription(file: RepositoryFile, origin: string, roots: RepositoryRoots): Opening | undefined {
  const formats = { pom: 'maven-pom', module: 'gradle-module' } as const;
  const format = Object.hasOwn(formats, file.extension)
    ? formats[file.extension as keyof typeof formats]
    : undefined;
  if (format === undefined) return /^(?:xml|json|toml)$/.test(file.extension) ? undefined : unlessPage;
  return {
    keep: 'whole',
    limit: MAX_DESCRIPTION,
    read: (body) => {
      let name: string | undefined;
      const reading = examineDocument(format, body, (coordinates) => {
        name = roots.confirm(origin + file.before, file.artifact, coordinates);
      });
      const refine = (result: NotExamined | undefined): Refinement | undefined =>
        result ?? (name === undefined ? undefined : { identity: identify({ name, by: 'embedded' }, file) });
      return reading instanceof Promise ? reading.then(refine) : refine(reading);
    },
  };
}

function takeApart(path: string): RepositoryFile | undefined {
  const extension = extensions.exec(path)?.[1];
  if (extension === undefined) return undefined;
  const [, before = '', artifact = '', version = '', fileName = ''] = filePath.exec(path) ?? [];
  if (!/\d/.test(version) || !fileName.startsWith(`${artifact}-`)) return undefined;
  const rest = fileName.slice(artifact.length + 1, -extension.length - 1);
  const classifier = classifierOf(rest, version);
  return classifier === undefined
    ? undefined
    : { before, artifact, version, fileName, classifier, extension };
}

/** What stands between version and extension; undefined where the file is of another version than its folder. */
function classifierOf(base: string, version: string): string | undefined {
  if (base === version) return '';
  if (base.startsWith(`${version}-`)) return base.slice(version.length + 1);
  if (!version.endsWith('-SNAPSHOT')) return undefined;
  const stamp = version.slice(0, -'SNAPSHOT'.length).replace(/[.+]/g, '\\$&');
  const [, classifier = ''] = new RegExp(`^${stamp}\\d{8}\\.\\d{6}-\\d+(?:-(.+))?$`).exec(base) ?? [];
  return base.startsWith(version.slice(0, -'SNAPSHOT'.length)) ? classifier : undefined;
}

function findGroup({ before, extension }: RepositoryFile, learned?: string): Group | undefined {
  if (learned !== undefined) return { name: learned, by: 'index' };
  const group = groupOf(before);
  return group?.by === 'guess' && !ownExtensions.test(extension) ? undefined : group;
}

/** The group, and whether where it begins is known: behind an unknown prefix the longest name is a guess. */
function groupOf(before: string): Group | undefined {
  const segments = before.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return undefined;
  const isRooted = domains.test(segments[0] ?? '');
  for (let at = 1; at < segments.length && !isRooted; at += 1) {
    if (!prefixes.test(segments.slice(0, at).join('/'))) continue;
    // `…/repository/com/example`, `…/maven/2/com/example`: the prefix goes on, or has ended before.
    const isSure = !domains.test(segments[at - 1] ?? '') && /^[a-z]/i.test(segments[at] ?? '');
    return { name: segments.slice(at).join('.'), by: isSure ? 'path' : 'guess' };
  }
  return { name: segments.join('.'), by: 'guess' };
}

function identify(group: Group, file: RepositoryFile): Identity {
  const { artifact, version, fileName, classifier, extension } = file;
  const name = `${group.name}:${artifact}`;
  return {
    class: 'package',
    ecosystem: 'maven',
    purl:
      group.by !== 'guess'
        ? buildPurl({
            ...{ type: 'maven', namespace: group.name, name: artifact, version },
            qualifiers: { classifier, type: extension === 'jar' ? '' : extension },
          })
        : null,
    name,
    version,
    fileName,
    identifiedBy: group.by,
    keys: [`maven:${name}@${version}`],
  };
}

/** Hex, maybe followed by a file name, or `ALGORITHM(file)= hex`. */
function readSidecar(body: Buffer, algorithm: Published['algorithm'], { url, actualUrl }: Asked): Lesson[] {
  const value = /\b([0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b/i.exec(
    body.toString('latin1'),
  )?.[1];
  const lengths = { sha1: 40, sha256: 64, sha512: 128, md5: 32 } as const;
  if (value?.length !== lengths[algorithm as keyof typeof lengths]) return [];
  const key = url.href.replace(/\.[a-z0-9]+(?=$|\?)/, '');
  const published = {
    source: 'sidecar' as const,
    from: actualUrl.href,
    algorithm,
    value: value.toLowerCase(),
  };
  return [{ key, published: [published] }];
}

/** What Maven's resolver itself trusts instead of sidecars. */
function headerDigests({ header, actualUrl }: Asked): Published[] {
  return (['sha1', 'md5'] satisfies HashAlgorithm[]).flatMap((algorithm) => {
    const value = header(`x-checksum-${algorithm}`) ?? header(`x-goog-meta-checksum-${algorithm}`);
    const length = algorithm === 'sha1' ? 40 : 32;
    if (value?.length !== length || !/^[0-9a-f]+$/i.test(value)) return [];
    return [{ source: 'header' as const, from: actualUrl.href, algorithm, value: value.toLowerCase() }];
  });
}
