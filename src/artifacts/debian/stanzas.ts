/** The fields of one paragraph, by lower-case name; lines after a field's first one are joined to it by newlines. */
export type Stanza = ReadonlyMap<string, string>;

export interface StanzaOptions {
  /** Lower-case names of the fields that are kept. */
  readonly fields: ReadonlySet<string>;
  readonly tell: (stanza: Stanza) => void;
}

/** Longer ones are left out: no version or digest is. A source package may list some thousand files in one field. */
const MAX_LINE = 64 * 1024;
const MAX_FIELD = 1024 * 1024;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;

/**
 * Reads control data as it passes: Debian's format of paragraphs (deb822). Only lines of wanted fields become strings.
 * What is malformed is left out.
 */
export class StanzaReader {
  readonly #options: StanzaOptions;
  /** First bytes of the wanted names, in both cases, so that most lines are told by one look. */
  readonly #initials: ReadonlySet<number>;
  #fields = new Map<string, string>();
  #field: string | undefined;
  #partial: Buffer[] = [];
  #partialSize = 0;

  constructor(options: StanzaOptions) {
    this.#options = options;
    this.#initials = new Set(
      [...options.fields].flatMap((name) => [name.charCodeAt(0), name.toUpperCase().charCodeAt(0)]),
    );
  }

  write(chunk: Buffer): void {
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      if (this.#partialSize > 0) this.#complete(chunk.subarray(at, end));
      else this.#line(chunk, at, end);
      at = end + 1;
    }
    if (at < chunk.length) this.#keep(chunk.subarray(at));
  }

  end(): void {
    if (this.#partialSize > 0) this.#complete(Buffer.alloc(0));
    this.#finish();
  }

  #keep(piece: Buffer): void {
    this.#partialSize += piece.length;
    if (this.#partialSize <= MAX_LINE) this.#partial.push(Buffer.from(piece));
    else this.#partial = [];
  }

  #complete(last: Buffer): void {
    const size = this.#partialSize + last.length;
    const line = size <= MAX_LINE ? Buffer.concat([...this.#partial, last]) : undefined;
    this.#partial = [];
    this.#partialSize = 0;
    if (line === undefined) this.#field = undefined;
    else this.#line(line, 0, line.length);
  }

  #line(chunk: Buffer, start: number, lineEnd: number): void {
    const end = chunk[lineEnd - 1] === RETURN && lineEnd > start ? lineEnd - 1 : lineEnd;
    if (end === start) {
      this.#finish();
      return;
    }
    const first = chunk[start] ?? 0;
    if (first === SPACE || first === TAB) {
      if (this.#field !== undefined) this.#append(this.#field, chunk.toString('latin1', start, end));
      return;
    }
    this.#field = undefined;
    if (!this.#initials.has(first) || end - start > MAX_LINE) return;
    this.#begin(chunk.toString('latin1', start, end));
  }

  #begin(line: string): void {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!this.#options.fields.has(name)) return;
    this.#field = name;
    this.#fields.set(name, line.slice(colon + 1).trim());
  }

  #append(name: string, line: string): void {
    const before = this.#fields.get(name) ?? '';
    if (before.length + line.length <= MAX_FIELD) this.#fields.set(name, `${before}\n${line}`);
  }

  #finish(): void {
    this.#field = undefined;
    if (this.#fields.size === 0) return;
    this.#options.tell(this.#fields);
    this.#fields = new Map();
  }
}
