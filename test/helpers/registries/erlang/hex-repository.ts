import { gzipSync } from 'node:zlib';
import { randomBody, sha256 } from '../../origin/random.ts';
import { createTar, createTarGz } from '../archives/tar.ts';
import { binary, sendResource } from '../responses.ts';
import type { Handler } from '../scenario.ts';

const name = 'twin';
const version = '1.0.0';

/** A repository in Hex's format, of one package and without a signature. */
export function serveHex(): Handler {
  const { tarball, inner } = createPackage();
  const release = message(
    [1, version],
    [2, Buffer.from(inner, 'hex')],
    [5, Buffer.from(sha256(tarball), 'hex')],
  );
  const listing = message([1, release], [2, name], [3, 'twins']);
  const resources = new Map([
    [`/hex/packages/${name}`, binary(gzipSync(message([1, listing])))],
    [`/hex/tarballs/${name}-${version}.tar`, binary(tarball)],
  ]);
  return (served) => sendResource(served, resources.get(served.url.pathname));
}

function createPackage(): { tarball: Buffer; inner: string } {
  const application = `{application, ${name}, [{vsn, "${version}"}, {applications, [kernel, stdlib]}]}.\n`;
  const contents = createTarGz({
    [`src/${name}.app.src`]: application,
    'priv/data.bin': randomBody(70_000, 'hex package'),
  });
  const about = { name, version, app: name };
  const metadata = Object.entries(about).map(([key, value]) => `{<<"${key}">>,<<"${value}">>}.\n`);
  const requirements = '{<<"build_tools">>,[<<"rebar3">>]}.\n{<<"requirements">>,[]}.\n';
  const parts = {
    VERSION: '3',
    'metadata.config': `${metadata.join('')}${requirements}`,
    'contents.tar.gz': contents,
  };
  const inner = sha256(Buffer.concat(Object.values(parts).map((part) => Buffer.from(part))));
  return { tarball: createTar({ ...parts, CHECKSUM: inner.toUpperCase() }), inner };
}

/** A Protocol Buffers message of strings, bytes and messages by their field numbers. */
function message(...fields: readonly (readonly [number, string | Buffer])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([field, value]) => {
      const content = Buffer.from(value);
      return [Buffer.from([(field << 3) | 2, ...varint(content.length)]), content];
    }),
  );
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
