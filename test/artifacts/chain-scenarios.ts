import { gzipSync } from 'node:zlib';
import { createAr } from '../helpers/registries/archives/ar.ts';
import { createTar } from '../helpers/registries/archives/tar.ts';
import type { Fed } from './feed.ts';
import { digest, mirrors, type NamedFile } from './scenarios.ts';

const control = 'Package: tool-x\nVersion: 2:1.5-1\nArchitecture: amd64\n';
const createDeb = (data: string): Buffer =>
  createAr({
    'debian-binary': '2.0\n',
    'control.tar.gz': gzipSync(createTar({ './control': control })),
    'data.tar': createTar({ './usr/share/x': data }),
  });

/** A Debian package, which has its name and its digest from the index that its repository's Release lists. */
export const debianPackage: NamedFile = {
  ecosystem: 'deb',
  path: '/pool/main/t/tool-x/tool-x_1.5-1_amd64.deb',
  prefixes: mirrors,
  purl: 'pkg:deb/debian/tool-x@2:1.5-1?arch=amd64&distro=trixie',
  content: createDeb('a'),
  tampered: createDeb('b'),
};

const indexName = 'main/binary-amd64/Packages';

/** What apt fetches first. The Release may list another index than the one that comes. */
export function debianIndex(base: string, packages: Buffer, listed = packages): Fed[] {
  const release = `Origin: Debian\nCodename: trixie\nSHA256:\n ${digest('sha256', listed)} ${listed.length} ${indexName}\n`;
  const dists = `${base}/dists/trixie/`;
  return [
    {
      url: `${dists}InRelease`,
      body: `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${release}-----BEGIN PGP SIGNATURE-----\n`,
    },
    { url: dists + indexName, body: packages },
  ];
}

/** An index with the package; `as` may lie about it. */
export function debianPackages(content = debianPackage.content, as = control): Buffer {
  const { path } = debianPackage;
  return Buffer.from(`${as}Filename: ${path.slice(1)}\nSHA256: ${digest('sha256', content)}\n\n`);
}

const ociHeaders = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
const part = (of: string): object => ({ digest: `sha256:${digest('sha256', of)}`, size: of.length });

export const layer = 'the bytes of a layer';
const manifestOf = (bytes: string): string =>
  JSON.stringify({ schemaVersion: 2, config: part('{"os":"linux"}'), layers: [part(bytes)] });
export const manifest = manifestOf(layer);
export const tamperedManifest = manifestOf('the bytes of another layer');
export const imageIndex = JSON.stringify({ schemaVersion: 2, manifests: [part(manifest)] });
export const imageId = (of: string): string => `sha256:${digest('sha256', of)}`;

/** An image's manifest. */
export const image: NamedFile = {
  ecosystem: 'oci',
  path: `/v2/team/app/manifests/${imageId(manifest)}`,
  prefixes: mirrors,
  purl: `pkg:oci/app@${imageId(manifest)}`,
  content: manifest,
  tampered: tamperedManifest,
  headers: ociHeaders,
};

/** Where the layer is, and what answers there. */
export const layerPath = `/v2/team/app/blobs/${imageId(layer)}`;
