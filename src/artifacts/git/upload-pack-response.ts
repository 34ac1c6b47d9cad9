// https://git-scm.com/docs/gitprotocol-v2#_fetch, https://git-scm.com/docs/gitprotocol-pack#_packfile_data
import { isObjectId } from './object-id.ts';
import { PassingPack, type SoundPack } from './passing-pack.ts';
import { lineOf, PktLineReader } from './pkt-line.ts';
import type { Repository } from './repositories.ts';

const sections = new Set(['acknowledgments', 'shallow-info', 'wanted-refs', 'packfile-uris', 'packfile']);

/** What git-upload-pack answers, in any version of the protocol: refs, or a pack. */
export class UploadPackResponse {
  /** Where the answer says them: objects of refs that were asked for by name. */
  readonly wantedRefs = new Map<string, string>();
  /** A part of the objects came, or is to come, from elsewhere. */
  hasOtherPacks = false;
  readonly #repository: Repository;
  readonly #reader: PktLineReader;
  #section: string | undefined;
  #pack: PassingPack | undefined;
  #isFailed = false;

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#reader = new PktLineReader({
      data: (payload) => {
        this.#readPacket(payload);
      },
      mark: () => undefined,
      bare: (piece) => {
        this.#readPack(piece);
      },
    });
  }

  readonly write = (chunk: Buffer): void => {
    this.#reader.write(chunk);
  };

  /** Undefined where there is none that arrived as it was sent. To be asked once. */
  pack(): SoundPack | undefined {
    return this.#isFailed || !this.#reader.isWhole ? undefined : this.#pack?.finish();
  }

  /** The first byte of what is no text names a band: of the pack, of progress, of a fatal error. */
  #readPacket(payload: Buffer): void {
    const band = payload[0] ?? 0;
    if (band === 3) this.#isFailed = true;
    if (band === 2 || band === 3) return;
    if (band !== 1) this.#readLine(lineOf(payload));
    else if (this.#pack !== undefined || payload.toString('latin1', 1, 5) === 'PACK') {
      this.#readPack(payload.subarray(1));
      // Servers may be told to send all that is text in bands too.
    } else this.#readLine(lineOf(payload.subarray(1)));
  }

  #readPack(piece: Buffer): void {
    this.#pack ??= new PassingPack(this.#repository.format);
    this.#pack.write(piece);
  }

  #readLine(line: string): void {
    if (line.startsWith('ERR ')) this.#isFailed = true;
    else if (sections.has(line)) {
      this.#section = line;
      if (line === 'packfile-uris') this.hasOtherPacks = true;
    } else if (this.#section === undefined) this.#repository.readRef(line);
    else if (this.#section === 'wanted-refs') {
      const [object, name] = line.split(' ');
      if (isObjectId(object) && name !== undefined && this.wantedRefs.size < 50_000) {
        this.wantedRefs.set(name, object);
      }
    }
  }
}
