/** What an index of packages says of one file of its repository. */
export interface IndexedFile {
  readonly name: string;
  /** With its epoch, which no file name has. */
  readonly version: string;
  /** `source` for the files of a source package. */
  readonly architecture: string;
  readonly sha256: string | undefined;
}

/** A file's path from the repository's root, and what is said of it, in one text. */
export type IndexEntry = readonly [path: string, described: string];

/** What an entry takes in memory beside its text, roughly. */
const ENTRY_BYTES = 120;

export function sizeOfEntry([path, described]: IndexEntry): number {
  return path.length + described.length + ENTRY_BYTES;
}

/** One `Packages` or `Sources` file, in a compact form. */
export class PackageIndex {
  readonly #files = new Map<string, string>();

  add(entries: readonly IndexEntry[]): void {
    for (const [path, described] of entries) this.#files.set(path, described);
  }

  find(path: string): IndexedFile | undefined {
    const [name, version, architecture, sha256] = this.#files.get(path)?.split('\t') ?? [];
    if (name === undefined || version === undefined || architecture === undefined) return undefined;
    return { name, version, architecture, sha256: sha256 === '' ? undefined : sha256 };
  }
}
