import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** What a hostile server, or a hostile process of the run, sends. */
export interface HostileBody {
  readonly name: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: () => Buffer;
  /** What is sent instead of being fetched; the answer to it is `body`. */
  readonly request?: { readonly method: string; readonly contentType: string; readonly body: () => Buffer };
  /** Options of the run beside the usual. */
  readonly logBody?: number;
}

const MB = 1_000_000;

/** A packument of so many bytes, most of it in versions with all that registries say of one. */
export function createPackument(bytes: number, versions = 4000): Buffer {
  const filler = 'A long word of the author. '
    .repeat(Math.ceil(bytes / versions / 27))
    .slice(0, bytes / versions - 420);
  const described = Array.from({ length: versions }, (_, index) => {
    const version = `1.0.${index}`;
    const dist = {
      tarball: `http://127.0.0.1/opaque/${index}`,
      integrity: `sha512-${createHash('sha512').update(version).digest('base64')}`,
      shasum: createHash('sha1').update(version).digest('hex'),
    };
    return `${JSON.stringify(version)}:${JSON.stringify({ name: 'large', version, readme: filler, dist })}`;
  });
  return Buffer.from(`{"name":"large","versions":{${described.join(',')}}}`);
}

/** As many versions as possible, that say as little as possible. */
export function createDensePackument(versions: number): Buffer {
  const described = Array.from(
    { length: versions },
    (_, index) => `"1.0.${index}":{"dist":{"tarball":"/t${index}"}}`,
  );
  return Buffer.from(`{"name":"dense","versions":{${described.join(',')}}}`);
}

export function createNestedJson(bytes: number): Buffer {
  const half = Math.floor((bytes - 30) / 2);
  return Buffer.from(`{"name":"deep","versions":${'['.repeat(half)}${']'.repeat(half)}}`);
}

export function createHtmlIndex(bytes: number): Buffer {
  const link = (index: number): string =>
    `<a href="/f/links-1.0.${index}.tar.gz#sha256=${'0'.repeat(64)}">x</a>\n`;
  const count = Math.floor(bytes / link(100_000).length);
  return Buffer.from(`<!doctype html>${Array.from({ length: count }, (_, index) => link(index)).join('')}`);
}

/** A zip of files that all have the same content; with `repeated`, all entries stand for the same bytes. */
export function createZip(names: readonly string[], content: Buffer): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const sums = { crc: crc32(content), packed: packed.length, size: content.length };
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const encoded = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    writeEntry(local, 4, { ...sums, name: encoded.length });
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(20, 4);
    writeEntry(central, 6, { ...sums, name: encoded.length });
    central.writeUInt32LE(at, 42);
    parts.push(local, encoded, packed);
    directory.push(central, encoded);
    at += local.length + encoded.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  return Buffer.concat([...parts, listed, endOfZip(names.length, listed.length, at)]);
}

function writeEntry(
  header: Buffer,
  at: number,
  { crc, packed, size, name }: { crc: number; packed: number; size: number; name: number },
): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(8, at + 4);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(packed, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(name, at + 22);
}

/** With the fields of 64 bits where the number of entries needs them. */
function endOfZip(count: number, size: number, at: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  if (count < 0xffff) return end;
  const large = Buffer.alloc(56 + 20);
  large.writeUInt32LE(0x06064b50);
  large.writeBigUInt64LE(44n, 4);
  large.writeBigUInt64LE(BigInt(count), 24);
  large.writeBigUInt64LE(BigInt(count), 32);
  large.writeBigUInt64LE(BigInt(size), 40);
  large.writeBigUInt64LE(BigInt(at), 48);
  large.writeUInt32LE(0x07064b50, 56);
  large.writeBigUInt64LE(BigInt(at + size), 64);
  large.writeUInt32LE(1, 72);
  return Buffer.concat([large, end]);
}

const module = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `forge.example/mod@v1.0.0/file-of-the-module-${index}.go`);

/** A pack of one blob and many deltas, of a few bytes each, that make it anew every time. */
export function createPackBomb(deltas: number): Buffer {
  const size = 256 * 1024;
  const header = Buffer.concat([Buffer.from('PACK'), uint32(2), uint32(deltas + 1)]);
  const base = Buffer.concat([objectHeader(3, size), deflateSync(Buffer.alloc(size))]);
  const parts = [header, base];
  let at = base.length;
  // It copies all of the base, four times 64 KiB, but for the last one's first byte, so that each is another object.
  const copies = [0, 1, 2, 3].map((piece) => Buffer.from([0x80 | 4, piece]));
  const delta = Buffer.concat([varint(size), varint(size), ...copies]);
  const packed = deflateSync(delta);
  for (let index = 0; index < deltas; index += 1) {
    const entry = Buffer.concat([objectHeader(6, delta.length), offset(at), packed]);
    parts.push(entry);
    at += entry.length;
  }
  const pack = Buffer.concat(parts);
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
};

function objectHeader(type: number, size: number): Buffer {
  const rest = size >> 4;
  const first = (type << 4) | (size & 15);
  return rest === 0 ? Buffer.from([first]) : Buffer.concat([Buffer.from([first | 0x80]), varint(rest)]);
}

/** How far before a delta its base stands. */
function offset(distance: number): Buffer {
  const bytes = [distance & 0x7f];
  for (let rest = distance >> 7; rest > 0; rest >>= 7) {
    rest -= 1;
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return Buffer.from(bytes);
}

const pkt = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0')), payload]);

/** The answer to a fetch by git, in version 2. */
export function createFetchAnswer(pack: Buffer): Buffer {
  const bands: Buffer[] = [];
  for (let at = 0; at < pack.length; at += 60_000) {
    bands.push(pkt(Buffer.concat([Buffer.from([1]), pack.subarray(at, at + 60_000)])));
  }
  return Buffer.concat([pkt(Buffer.from('packfile\n')), ...bands, Buffer.from('0000')]);
}

const wanted = 'a'.repeat(40);
const fetchRequest = Buffer.concat([
  pkt(Buffer.from('command=fetch')),
  Buffer.from('0001'),
  pkt(Buffer.from(`want ${wanted}\n`)),
  pkt(Buffer.from('done\n')),
  Buffer.from('0000'),
]);

const json = 'application/json';

/** The worst that is known of each kind. */
export const hostileBodies: readonly HostileBody[] = [
  {
    ...{ name: '65 MB packument', path: '/large', contentType: json },
    body: () => createPackument(65 * MB),
  },
  {
    ...{ name: 'packument of 180,000 versions', path: '/dense', contentType: json },
    body: () => createDensePackument(180_000),
  },
  {
    ...{ name: '25 MB of nested JSON', path: '/deep', contentType: json },
    body: () => createNestedJson(25 * MB),
  },
  {
    ...{ name: '1 MB of nested JSON', path: '/deep-small', contentType: json },
    body: () => createNestedJson(MB),
  },
  {
    ...{ name: '25 MB of links', path: '/simple/links/', contentType: 'text/html' },
    body: () => createHtmlIndex(25 * MB),
  },
  {
    ...{ name: '3 MB zip bomb', path: '/forge.example/mod/@v/v1.0.0.zip', contentType: 'application/zip' },
    body: () => createZip(module(64), Buffer.alloc(48 * 1024 * 1024)),
  },
  {
    ...{
      name: 'zip of 200,000 files',
      path: '/many/forge.example/mod/@v/v1.0.0.zip',
      contentType: 'application/zip',
    },
    body: () => createZip(module(199_999), Buffer.from('x')),
  },
  {
    name: 'git pack bomb',
    path: '/repository.git/git-upload-pack',
    contentType: 'application/x-git-upload-pack-result',
    body: () => createFetchAnswer(createPackBomb(4900)),
    request: {
      method: 'POST',
      contentType: 'application/x-git-upload-pack-request',
      body: () => fetchRequest,
    },
  },
  {
    ...{
      name: '4 MB pom without an end',
      path: '/maven2/org/example/a/1.0/a-1.0.pom',
      contentType: 'text/xml',
    },
    body: () => Buffer.from(`<${'a'.repeat(4_000_000)}`),
  },
  {
    ...{ name: '4 MB of nested OCI manifest', path: '/v2/name/manifests/latest', contentType: json },
    body: () => createNestedJson(4 * MB),
  },
  {
    ...{ name: '120 kB of multipart, kept', path: '/form', contentType: 'text/plain', logBody: 262_144 },
    body: () => Buffer.from('ok'),
    request: {
      method: 'POST',
      contentType: 'multipart/form-data; boundary=b',
      body: () => Buffer.from('name="'.repeat(20_000)),
    },
  },
];
