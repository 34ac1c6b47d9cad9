import { plainField, readChecksums } from './fields.ts';
import { StanzaReader, type Stanza } from './stanzas.ts';

/** What an index of packages says of one file of its repository. */
export interface IndexedFile {
  readonly name: string;
  /** With its epoch, which no file name has. */
  readonly version: string;
  /** `source` for the files of a source package. */
  readonly architecture: string;
  readonly sha256: string | undefined;
}

/** What an entry takes in memory beside its text, roughly. */
const ENTRY_BYTES = 120;
const fields = new Set([
  'package',
  'version',
  'architecture',
  'filename',
  'sha256',
  'directory',
  'checksums-sha256',
]);

/** Memory for indices; once it is spent, what follows is not known. */
export interface Budget {
  bytes: number;
}

/** One `Packages` or `Sources` file, in a compact form: the files that it names, by path from the repository's root. */
export class PackageIndex {
  readonly #files = new Map<string, string>();
  readonly #reader: StanzaReader;
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#reader = new StanzaReader({
      fields,
      tell: (stanza) => {
        this.#add(stanza);
      },
    });
  }

  write(chunk: Buffer): void {
    this.#reader.write(chunk);
  }

  end(): void {
    this.#reader.end();
  }

  find(path: string): IndexedFile | undefined {
    const [name, version, architecture, sha256] = this.#files.get(path)?.split('\t') ?? [];
    if (name === undefined || version === undefined || architecture === undefined) return undefined;
    return { name, version, architecture, sha256: sha256 === '' ? undefined : sha256 };
  }

  #add(stanza: Stanza): void {
    const name = plainField(stanza.get('package'), 'name');
    const version = plainField(stanza.get('version'), 'version');
    if (name === undefined || version === undefined) return;
    const sources = stanza.get('checksums-sha256');
    if (sources !== undefined) {
      const directory = stanza.get('directory') ?? '.';
      for (const { file, sha256 } of readChecksums(sources)) {
        this.#keep(`${directory}/${file}`, { name, version, architecture: 'source', sha256 });
      }
      return;
    }
    const fileName = stanza.get('filename');
    const architecture = plainField(stanza.get('architecture'), 'architecture');
    if (fileName === undefined || architecture === undefined) return;
    const sha256 = plainField(stanza.get('sha256'), 'sha256')?.toLowerCase();
    this.#keep(fileName, { name, version, architecture, sha256 });
  }

  #keep(fileName: string, { name, version, architecture, sha256 = '' }: IndexedFile): void {
    const path = fileName.replace(/^(?:\.\/)+/, '');
    // Joined anew, so that no text keeps the piece alive that it was cut from.
    const text = [name, version, architecture, sha256].join('\t');
    const size = path.length + text.length + ENTRY_BYTES;
    if (this.#budget.bytes < size) return;
    this.#budget.bytes -= size;
    this.#files.set(Buffer.from(path, 'latin1').toString(), text);
  }
}
