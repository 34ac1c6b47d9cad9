import type { Readable } from 'node:stream';
import { open, type Entry, type ZipFile } from 'yauzl';
import { MAX_ARCHIVE_ENTRIES, MAX_MODULE } from './examine/limits.ts';
import { BeyondLimit } from './examine/not-examined.ts';

interface ZippedFile {
  readonly name: string;
  readonly content: Readable;
}

/** The files of a zip, in the order of its directory; each must be read before the next. Throws `BeyondLimit`, or on what is no zip. */
export async function* openZip(path: string): AsyncGenerator<ZippedFile> {
  await checkSizes(path);
  const zip = await openFile(path);
  try {
    for await (const entry of entriesOf(zip)) {
      if (entry.fileName.endsWith('/')) continue;
      yield { name: entry.fileName, content: await contentOf(zip, entry) };
    }
  } finally {
    zip.close();
  }
}

/** By what the directory states, more than which comes out of no file: before any is unpacked. */
async function checkSizes(path: string): Promise<void> {
  const zip = await openFile(path);
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

function openFile(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Sizes are checked against what is there while it is read.
    open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
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
