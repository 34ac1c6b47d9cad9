import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { decompress } from '../decompress.ts';
import { BATCH } from '../examine/limits.ts';
import { BeyondLimit } from '../examine/not-examined.ts';
import type { Body } from '../examine/body.ts';
import { sizeOfEntry, type IndexEntry } from './package-index.ts';
import { plainField, readChecksums } from './fields.ts';
import { StanzaReader, type Stanza } from './stanzas.ts';

const fields = new Set([
  'package',
  'version',
  'architecture',
  'filename',
  'sha256',
  'directory',
  'checksums-sha256',
]);

export interface PackageIndexLimits {
  /** Bytes of the entries, and of the decompressed file. */
  readonly entryBytes: number;
  readonly decodedBytes: number;
}

export interface ReadIndex {
  /** Of the file as it is. */
  readonly sha256: string;
  /** Bytes, when it is decompressed. */
  readonly decoded: number;
}

/** Reads a `Packages` or `Sources` file, compressed or not. Throws `BeyondLimit`, or on what cannot be decompressed. */
export async function readPackageIndex(
  body: Body & PackageIndexLimits,
  emit: (entries: readonly IndexEntry[]) => Promise<void>,
): Promise<ReadIndex> {
  const hash = createHash('sha256');
  let entries: IndexEntry[] = [];
  let room = body.entryBytes;
  let decoded = 0;
  const reader = new StanzaReader({
    fields,
    tell: (stanza) => {
      for (const entry of entriesOf(stanza)) {
        room -= sizeOfEntry(entry);
        if (room < 0) throw new BeyondLimit('the indices of this run name more files than are kept');
        entries.push(entry);
      }
    },
  });
  const hand = async (least: number): Promise<void> => {
    for (; entries.length > 0 && entries.length >= least; entries = entries.slice(4 * BATCH)) {
      await emit(entries.slice(0, 4 * BATCH));
    }
  };
  for await (const chunk of decompress(hashed(body, hash))) {
    decoded += chunk.length;
    if (decoded > body.decodedBytes)
      throw new BeyondLimit('the indices of this run are too large, decompressed');
    reader.write(chunk);
    await hand(4 * BATCH);
  }
  reader.end();
  await hand(1);
  return { sha256: hash.digest('hex'), decoded };
}

async function* hashed(body: Body, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  const chunks = 'file' in body ? createReadStream(body.file) : [Buffer.from(body.bytes)];
  for await (const chunk of chunks) {
    hash.update(chunk as Buffer);
    yield chunk as Buffer;
  }
}

function entriesOf(stanza: Stanza): IndexEntry[] {
  const name = plainField(stanza.get('package'), 'name');
  const version = plainField(stanza.get('version'), 'version');
  if (name === undefined || version === undefined) return [];
  const sources = stanza.get('checksums-sha256');
  if (sources !== undefined) {
    const directory = stanza.get('directory') ?? '.';
    return readChecksums(sources).map(({ file, sha256 }) =>
      entryOf(`${directory}/${file}`, [name, version, 'source', sha256]),
    );
  }
  const fileName = stanza.get('filename');
  const architecture = plainField(stanza.get('architecture'), 'architecture');
  if (fileName === undefined || architecture === undefined) return [];
  const sha256 = plainField(stanza.get('sha256'), 'sha256')?.toLowerCase() ?? '';
  return [entryOf(fileName, [name, version, architecture, sha256])];
}

/** Joined anew, so that no text keeps the piece alive that it was cut from. */
function entryOf(fileName: string, described: readonly string[]): IndexEntry {
  const path = fileName.replace(/^(?:\.\/)+/, '');
  return [Buffer.from(path, 'latin1').toString(), described.join('\t')];
}
