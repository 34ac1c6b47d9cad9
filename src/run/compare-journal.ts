import { constants, fstatSync, type BigIntStats } from 'node:fs';
import { createHash } from 'node:crypto';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { describeProblem } from '../support/describe-problem.ts';
import { formatCount, formatQuantity } from '../support/quantities.ts';
import { reasonOf } from '../support/reason-of.ts';
import { ChainCheck } from './chain-check.ts';
import { parseEnvelope } from './envelope.ts';
import { isSameFile, type FileIdentity } from './journal-file.ts';
import { LineSplitter, type Line } from './line-splitter.ts';

/** What a writer knows of the bytes that it wrote. */
export interface Written {
  readonly bytes: number;
  /** SHA-256 of all of them, in hex. */
  readonly digest: string;
  /** False where the last write failed, so that a part of a line may follow. */
  readonly isWhole: boolean;
}

const STEP = 1_048_576;
const MAX_LINE = 4 * 1_048_576;

/**
 * Compares the file at the path with what was written there: that the path leads where it led, inode, size and every
 * byte. Returns in plain words what was changed; undefined where nothing was. Memory is bounded. Never throws.
 * A change that was undone before the comparison, or made after it, cannot be told.
 */
export async function compareJournal(identity: FileIdentity, written: Written): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    if ((await realpath(identity.path)) !== identity.realPath)
      return 'a symbolic link on its path was changed: it leads to another place';
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    handle = await open(identity.realPath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return await compareFile(handle, identity, written);
  } catch (error) {
    return explain(error, identity, written);
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

function explain(error: unknown, identity: FileIdentity, written: Written): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it was removed, or moved away';
  if (code !== 'EACCES') return `it cannot be read any more: ${reasonOf(error)}`;
  if (identity.isReadable) return 'it may not be read any more: permissions on its path were taken away';
  // It could be written and never be read, as its owner wanted: its size is all that can be compared.
  return compareSize(fstatSync(identity.fd, { bigint: true }), written);
}

async function compareFile(
  handle: FileHandle,
  identity: FileIdentity,
  written: Written,
): Promise<string | undefined> {
  const status = await handle.stat({ bigint: true });
  if (!status.isFile()) return `a ${kindOf(status)} stands in its place`;
  if (!isSameFile(status, identity.status)) return 'another file stands in its place';
  const size = compareSize(status, written);
  if (status.size < BigInt(written.bytes)) return size;
  const isSame = (await digest(handle, written.bytes)) === written.digest;
  if (isSame) return size;
  return `it is not what was written: ${await describeRewriting(handle, written.bytes)}`;
}

function compareSize({ size }: BigIntStats, { bytes, isWhole }: Written): string | undefined {
  const more = Number(size) - bytes;
  if (more < 0)
    return `it was cut short: of ${formatQuantity(bytes, 'byte')} that were written ${formatCount(Number(size))} are left`;
  return more === 0 || !isWhole ? undefined : `${formatQuantity(more, 'byte')} were appended to it`;
}

function kindOf(status: BigIntStats): string {
  if (status.isDirectory()) return 'directory';
  return status.isFIFO() ? 'named pipe' : 'device';
}

async function digest(handle: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of readParts(handle, bytes)) hash.update(part);
  return hash.digest('hex');
}

/** Where the chain of a file that was changed breaks first, or that it does not. */
async function describeRewriting(handle: FileHandle, bytes: number): Promise<string> {
  const splitter = new LineSplitter(MAX_LINE);
  const chain = new ChainCheck();
  const look = (line: Line): string | undefined => {
    const envelope = line.bytes === null ? 'longer than 4 MiB' : parseEnvelope(line.bytes);
    if (typeof envelope === 'string') return `line ${line.number}: ${envelope}`;
    chain.accept(line, envelope);
    const [problem] = chain.integrity().problems;
    return problem && describeProblem(problem);
  };
  for await (const part of readParts(handle, bytes)) {
    for (const line of splitter.push(part)) {
      const problem = look(line);
      if (problem !== undefined) return problem;
    }
  }
  const last = splitter.end();
  const problem = last === null ? undefined : look(last);
  return problem ?? 'its lines form a chain, but it is another one than was written';
}

/** The first bytes of the file, piece by piece; a piece is valid until the next one is asked for. */
async function* readParts(handle: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(STEP, Math.max(bytes, 1)));
  for (let position = 0; position < bytes;) {
    const length = Math.min(buffer.length, bytes - position);
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
