// https://git-scm.com/docs/gitprotocol-v2#_fetch, https://git-scm.com/docs/gitprotocol-pack#_packfile_negotiation
import { isObjectId } from './object-id.ts';
import { lineOf, PktLineReader } from './pkt-line.ts';
import type { Repository } from './repositories.ts';

const MAX_WANTS = 50_000;

/** What a client asks of git-upload-pack, in any version of the protocol. */
export class UploadPackRequest {
  readonly wants = new Set<string>();
  readonly wantedRefs = new Set<string>();
  /** It has no object of this repository yet. */
  isFresh = true;
  depth: number | undefined;
  filter: string | undefined;
  readonly #repository: Repository;
  readonly #reader: PktLineReader;
  #command: string | undefined;
  #isEnded = false;

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#reader = new PktLineReader({
      data: (payload) => {
        this.#read(lineOf(payload));
      },
      mark: (mark) => {
        if (mark === 'flush') this.#isEnded = true;
      },
      bare: () => undefined,
    });
  }

  readonly write = (chunk: Buffer): void => {
    this.#reader.write(chunk);
  };

  /** It asks for objects, and all of it was read. */
  get isFetch(): boolean {
    const asked = this.wants.size + this.wantedRefs.size;
    return asked > 0 && (this.#command ?? 'fetch') === 'fetch' && this.#isEnded && this.#reader.isWhole;
  }

  #read(line: string): void {
    const [word = '', ...rest] = line.split(' ');
    const value = rest[0] ?? '';
    if (word === 'want' && isObjectId(value)) {
      if (this.wants.size < MAX_WANTS) this.wants.add(value);
    } else if (word === 'want-ref') {
      if (this.wantedRefs.size < MAX_WANTS) this.wantedRefs.add(value);
    } else if (word === 'have' || word === 'shallow') this.isFresh = false;
    else if (word === 'done') this.#isEnded = true;
    else this.#readOption(line, word, value);
  }

  #readOption(line: string, word: string, value: string): void {
    if (word === 'deepen' && /^\d{1,9}$/.test(value)) this.depth = Number(value);
    else if (word === 'filter') this.filter = value.slice(0, 200);
    else if (word === 'ref-prefix') this.#repository.readAskedPrefix(value);
    else if (line.startsWith('command=')) {
      // One request has one command; another one would be of a message that is not understood.
      this.#command = this.#command === undefined ? line.slice('command='.length) : 'unknown';
      if (this.#command === 'ls-refs') this.#repository.askedPrefixes.length = 0;
    }
  }
}
