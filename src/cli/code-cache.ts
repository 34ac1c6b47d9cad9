import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';

/** Compiled code for more versions of Node, or sets of V8 flags, than this is not kept. */
const MAX_KINDS = 8;
const DIGEST_BYTES = 32;
const OTHERS_WRITE = 0o022;
const ANYBODY_WRITES = 0o002;

/** A file of the bundle, as it was read. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly owner: number;
  readonly mode: number;
}

/** Reads a file of the bundle. Throws the system's error where that is not possible. */
export function readSource(path: string): SourceFile {
  const descriptor = openSync(path, 'r');
  try {
    const { uid: owner, mode } = fstatSync(descriptor);
    return { path, bytes: readFileSync(descriptor), owner, mode };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * What V8 made of the bundle's files, kept beside them, so that it need not compile them at each start. V8 rejects code
 * of another version or other flags, but of the source it compares the length alone, so here a digest binds the code to
 * its source, and shows damage. Compiled code is code: it is read only where nobody but the bundle's owner (who could
 * change the bundle itself) can have written it, and written only by that owner. Elsewhere there is none.
 */
export class CodeCache {
  readonly #directory: string;

  /** `bundle` is the folder of the bundle. */
  constructor(bundle: string) {
    const tag = cachedDataVersionTag().toString(16);
    const kind = [process.version, process.platform, process.arch, tag].join('-');
    this.#directory = join(bundle, 'code-cache', kind);
  }

  /** The code for a file. Undefined where there is none that can be trusted. */
  read(source: SourceFile): Buffer | undefined {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(this.#fileFor(source), constants.O_RDONLY | constants.O_NOFOLLOW);
      const status = fstatSync(descriptor);
      if (!status.isFile() || status.uid !== source.owner || (status.mode & OTHERS_WRITE) !== 0)
        return undefined;
      const stored = readFileSync(descriptor);
      const code = stored.subarray(DIGEST_BYTES);
      return digestOf(source, code).equals(stored.subarray(0, DIGEST_BYTES)) ? code : undefined;
    } catch {
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  /** Keeps the code for a file where that is safe and possible, and only there makes it; says nothing elsewhere. */
  write(source: SourceFile, makeCode: () => Buffer): void {
    if (!this.#mayWrite(source)) return;
    const file = this.#fileFor(source);
    // Two first runs at once both write: whoever is last replaces a whole file by another one.
    const temporary = `${file}.${randomBytes(6).toString('hex')}`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o755 });
      // Before it is made, as that takes longer than all else.
      writeFileSync(temporary, '', { flag: 'wx', mode: source.mode & 0o644 });
      const code = makeCode();
      writeFileSync(temporary, Buffer.concat([digestOf(source, code), code]));
      renameSync(temporary, file);
    } catch {
      rmSync(temporary, { force: true });
    }
  }

  #mayWrite({ owner }: SourceFile): boolean {
    const ourselves = process.geteuid?.();
    if (ourselves === undefined || ourselves !== owner) return false;
    try {
      const kinds = dirname(this.#directory);
      const bundle = lstatSync(dirname(kinds));
      if (bundle.uid !== owner || (bundle.mode & ANYBODY_WRITES) !== 0) return false;
      return listKinds(kinds, owner).length < MAX_KINDS || isOwnDirectory(this.#directory, owner);
    } catch {
      return false;
    }
  }

  #fileFor({ path }: SourceFile): string {
    return join(this.#directory, `${basename(path, '.js')}.code`);
  }
}

/** Throws where the directory is another's, or a link. */
function listKinds(directory: string, owner: number): string[] {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  if (!isOwnDirectory(directory, owner)) throw new Error('not the directory of the owner');
  return readdirSync(directory);
}

function isOwnDirectory(path: string, owner: number): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === owner && (status.mode & OTHERS_WRITE) === 0;
}

function digestOf({ bytes }: SourceFile, code: Buffer): Buffer {
  return createHash('sha256').update(bytes).update(code).digest();
}
