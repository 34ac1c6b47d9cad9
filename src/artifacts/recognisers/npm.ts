// https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
import type { Artifact } from '../../model/artifact.ts';
import { createDocument } from '../create-document.ts';
import type { PackumentVersion } from '../documents/npm-packument.ts';
import { receive } from '../publish/receive.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Lesson, Published, Recogniser, Recognition } from '../recogniser.ts';
import { readIntegrity } from '../subresource-integrity.ts';
import { unlessPage } from '../unless-page.ts';
import { viewUrl } from '../url-view.ts';

/** A packument with all versions and readmes can be large: the largest known are some 60 MB. */
const MAX_PACKUMENT = 256 * 1024 * 1024;
/** What follows the name. */
const tarballEnd = /\/-\/(?:@[^/]+\/)?([^/]+)\.tgz$/;

/** All that a name may ever have had; a name that was encoded twice is none. */
const npmName = /^(?:@[\w.~!'()*-]+\/)?[\w.~!'()*-]+$/;

/** Other requests put JSON too; npm's own begins with names. */
const publishSign = { text: '"dist-tags"', within: 64 * 1024 };

/** npm, as yarn, pnpm and bun speak it too. */
export const npm: Recogniser = {
  id: 'npm',
  listen:
    (options) =>
    ({ method, url, header }) =>
      method === 'PUT' && isJson(header) && !url.path.includes('/-/')
        ? receive({ form: 'npm', contentType: '', sign: publishSign, identify: identifyNpm }, options)
        : undefined,
  recognise(asked): Recognition | undefined {
    if (asked.method !== 'GET') return undefined;
    const found = recogniseTarball(asked.url.path);
    if (found !== undefined) {
      return { kind: 'artifact', identity: found, open: unlessPage };
    }
    if (!isPackument(asked)) return undefined;
    return createDocument('npm-packument', MAX_PACKUMENT, (name, versions) =>
      versions.flatMap((version) => teach(name, version, asked)),
    );
  },
};

/** Keys and class of one version of a package. */
export function identifyNpm(
  name: string,
  version: string,
  fileName: string | null,
): Omit<Identity, 'identifiedBy'> {
  const [scope, base = ''] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    class: 'package' satisfies Artifact['class'],
    ecosystem: 'npm',
    purl: buildPurl({ type: 'npm', namespace: scope, name: base, version }),
    name,
    version,
    fileName,
    keys: [`npm:${name}@${version}`],
  };
}

/** The base of the file is the name's last segment, a hyphen, and the version: neither may be split at any hyphen. */
function recogniseTarball(path: string): Identity | undefined {
  const match = path.endsWith('.tgz') ? tarballEnd.exec(path) : null;
  const file = match?.[1];
  if (match === null || file === undefined) return undefined;
  const start = path.lastIndexOf('/', match.index - 1) + 1;
  const scopeStart = path.lastIndexOf('/', start - 2) + 1;
  const isScoped = path.startsWith('@', scopeStart) && start - scopeStart > '@/'.length;
  const base = path.slice(start, match.index);
  const name = path.slice(isScoped ? scopeStart : start, match.index);
  if (!npmName.test(name)) return undefined;
  if (!file.startsWith(`${base}-`)) return undefined;
  const version = file.slice(base.length + 1);
  if (!/^v?\d+\.\d+/.test(version)) return undefined;
  return { ...identifyNpm(name, version, `${file}.tgz`), identifiedBy: 'path' };
}

/**
 * Registries answer any name with JSON; only one with versions is a packument. Clients read it whatever its type says,
 * so what they ask for counts as well.
 */
function isPackument({ header, requestHeader, url }: Asked): boolean {
  return (isJson(header) || packumentType.test(requestHeader('accept') ?? '')) && !url.path.includes('/-/');
}

const packumentType = /^application\/(?:vnd\.npm\.install-v1\+)?json\b/i;

function isJson(header: Asked['header']): boolean {
  return packumentType.test(header('content-type') ?? '');
}

/** What is installed bears the name that was asked for, whatever name the answer bears. */
function teach(
  name: string | undefined,
  { version, tarball, integrity = '', shasum }: PackumentVersion,
  { url, actualUrl }: Asked,
): Lesson[] {
  const from = actualUrl.href;
  const file = viewUrl(tarball, from);
  if (file === undefined) return [];
  const [, asked] = /\/((?:@[^/]+\/)?[^/@]+)$/.exec(url.path) ?? [];
  const names = new Set([name, asked].filter((one) => one !== undefined));
  const published: Published[] = [...readIntegrity(integrity), ...readShasum(shasum)].map((digest) => ({
    ...{ source: 'index', from },
    ...digest,
  }));
  return [...names].map((one) => ({
    key: file.href,
    identity: identifyNpm(one, version, file.fileName),
    published,
  }));
}

function readShasum(text: string | undefined): { algorithm: 'sha1'; value: string }[] {
  return text !== undefined && /^[0-9a-f]{40}$/i.test(text)
    ? [{ algorithm: 'sha1', value: text.toLowerCase() }]
    : [];
}
