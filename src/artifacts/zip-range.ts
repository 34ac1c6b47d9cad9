// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, https://pkg.go.dev/archive/zip (where a zip begins)
import { close, closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const LARGE_RECORD_BYTES = 56;
const LARGE_BYTES = LARGE_RECORD_BYTES + 20;
const FILE_SIGNATURE = Buffer.from('504b0102', 'hex');
const END_SIGNATURE = Buffer.from('504b0506', 'hex');
const LOCATOR_SIGNATURE = Buffer.from('504b0607', 'hex');

/** The part of a file that is the zip: other bytes may stand before it and after it. */
export interface ZipRange {
  readonly reader: RandomAccessReader;
  readonly size: number;
  /** Where its directory must end, from the beginning of the zip. */
  readonly directoryEnd: number;
}

/** Throws where there is no zip, or where readers may find different ones. The reader closes the file. */
export function openZipRange(path: string): ZipRange {
  const fd = openSync(path, 'r');
  try {
    const end = findEnd(fd, fstatSync(fd).size);
    const hasRecord = readAt(fd, Math.max(end.at - 20, 0), 4).equals(LOCATOR_SIGNATURE);
    checkLarge(fd, end, hasRecord);
    const before = hasRecord ? 0 : startOf(fd, end);
    return {
      reader: new RangeReader(fd, before),
      size: end.at + END_BYTES + end.commentBytes - before,
      directoryEnd: end.at - before - (hasRecord ? LARGE_BYTES : 0),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

interface End {
  /** Of the end of the directory, in the file. */
  readonly at: number;
  readonly count: number;
  readonly size: number;
  readonly offset: number;
  readonly commentBytes: number;
}

/** The last one in the file, as far as a comment could push it from the end. */
function findEnd(fd: number, fileBytes: number): End {
  const tailBytes = Math.min(fileBytes, END_BYTES + MAX_COMMENT);
  const tail = readAt(fd, fileBytes - tailBytes, tailBytes);
  const at = tail.lastIndexOf(END_SIGNATURE, Math.max(tailBytes - END_BYTES, 0));
  if (at < 0 || tailBytes < END_BYTES) throw new Error('it is no zip');
  const commentBytes = tail.readUInt16LE(at + 20);
  if (at + END_BYTES + commentBytes > tailBytes) throw new Error('the comment of the zip is cut short');
  return {
    at: fileBytes - tailBytes + at,
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
    commentBytes,
  };
}

/** Of a zip without the larger format's record: places in it count from here. */
function startOf(fd: number, { at, size, offset }: End): number {
  const start = at - size - offset;
  if (start < 0) throw new Error('the directory of the zip is not in the file');
  const isFromBeginning = start > 0 && readAt(fd, offset, 4).equals(FILE_SIGNATURE);
  return isFromBeginning ? 0 : start;
}

/** Readers differ in when they go by the larger format's record: where there is one, both must be so. */
function checkLarge(fd: number, end: End, hasRecord: boolean): void {
  const isMeant = end.count === 0xffff || end.size === 0xffffffff || end.offset === 0xffffffff;
  if (hasRecord !== isMeant) throw new Error('the zip has two directories');
  if (!hasRecord) return;
  const record = readAt(fd, end.at - LARGE_BYTES, LARGE_BYTES);
  const [size, offset] = [record.readBigUInt64LE(40), record.readBigUInt64LE(48)];
  const place = BigInt(end.at - LARGE_BYTES);
  const isHere = record.readBigUInt64LE(LARGE_RECORD_BYTES + 8) === place && size + offset === place;
  if (!isHere) throw new Error('the zip has two directories');
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(length, 0));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, position));
}

/** Reads a file as if it began later. */
class RangeReader extends RandomAccessReader {
  readonly #fd: number;
  readonly #before: number;

  constructor(fd: number, before: number) {
    super();
    this.#fd = fd;
    this.#before = before;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    let at = this.#before + start;
    const stop = this.#before + end;
    const fd = this.#fd;
    // A stream of the file system's would close the file where it is destroyed.
    return new Readable({
      read(wanted) {
        const chunk = Buffer.alloc(Math.min(wanted, stop - at));
        read(fd, chunk, 0, chunk.length, at, (error, count) => {
          if (error !== null) {
            this.destroy(error);
            return;
          }
          at += count;
          this.push(count === 0 ? null : chunk.subarray(0, count));
        });
      },
    });
  }

  override read(
    ...[buffer, offset, length, position, callback]: Parameters<RandomAccessReader['read']>
  ): void {
    read(this.#fd, buffer, offset, length, this.#before + position, (error) => {
      callback(error);
    });
  }

  override close(callback: (error: Error | null) => void): void {
    close(this.#fd, callback);
  }
}
