import type { Readable } from 'node:stream';
import { fromRandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { MAX_ARCHIVE_ENTRIES, MAX_MODULE } from './examine/limits.ts';
import { BeyondLimit } from './examine/not-examined.ts';
import { openZipRange, type ZipRange } from './zip-range.ts';

interface ZippedFile {
  readonly name: string;
  readonly content: Readable;
}

/**
 * The files of a zip, in the order of its directory; each must be read before the next. What stands before or after the
 * zip is passed over, as archive/zip of Go does. Throws `BeyondLimit`, or on what is no zip and on what readers may take differently.
 */
export async function* openZip(path: string): AsyncGenerator<ZippedFile> {
  await checkSizes(path);
  const file = openZipRange(path);
  const zip = await readDirectory(file);
  try {
    for await (const entry of entriesOf(zip)) {
      const name = nameOf(entry);
      if (name.endsWith('/')) continue;
      yield { name, content: await contentOf(zip, entry) };
    }
    // The directory's end counts modulo 65,536: who goes by the entries themselves would find more.
    if (Number(zip.readEntryCursor) !== file.directoryEnd)
      throw new Error('the archive has more entries than it says');
  } finally {
    zip.close();
  }
}

/** By what the directory states, more than which comes out of no file: before any is unpacked. */
async function checkSizes(path: string): Promise<void> {
  const zip = await readDirectory(openZipRange(path));
  try {
    let left = MAX_MODULE;
    for await (const entry of entriesOf(zip)) {
      left -= entry.uncompressedSize;
      if (left < 0) throw new BeyondLimit('unpacked, the archive has more than 500 MiB');
    }
  } finally {
    zip.close();
  }
}

/** As its bytes are: other character sets, and a second name beside it, are not known to Go. */
function nameOf({ fileName }: Entry): string {
  const bytes = Buffer.from(fileName);
  const name = bytes.toString();
  if (!Buffer.from(name).equals(bytes)) throw new Error('a name in the archive is not UTF-8');
  return name;
}

function readDirectory(file: ZipRange): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Sizes are checked against what is there while it is read.
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: false };
    fromRandomAccessReader(file.reader, file.size, options, (error, zip) => {
      if (!error) {
        resolve(zip);
        return;
      }
      file.reader.close(() => undefined);
      reject(error);
    });
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (let count = 0; count < MAX_ARCHIVE_ENTRIES; count += 1) {
    const entry = await nextEntry(zip);
    if (entry === undefined) return;
    yield entry;
  }
  throw new BeyondLimit(`the archive has more than ${MAX_ARCHIVE_ENTRIES} files`);
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (tell: () => void): void => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
      tell();
    };
    zip.once('entry', (entry: Entry) => {
      settle(() => {
        resolve(entry);
      });
    });
    zip.once('end', () => {
      settle(() => {
        resolve(undefined);
      });
    });
    zip.once('error', (error: Error) => {
      settle(() => {
        reject(error);
      });
    });
    zip.readEntry();
  });
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}
