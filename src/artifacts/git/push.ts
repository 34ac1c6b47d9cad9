// https://git-scm.com/docs/gitprotocol-pack#_reference_update_request_and_packfile_transfer
import { formatOf, isNoObject, isObjectId, isRefName } from './object-id.ts';
import type { Examine } from '../examine/examiner.ts';
import type { NotExamined } from '../examine/not-examined.ts';
import { examinePack } from './examine-pack.ts';
import type { PackContents } from './pack-objects.ts';
import { PassingPack } from './passing-pack.ts';
import { lineOf, PktLineReader } from './pkt-line.ts';
import type { Ref, Repository } from './repositories.ts';

const MAX_UPDATES = 10_000;

interface Update {
  readonly name: string;
  readonly before: string;
  readonly object: string;
}

/** A ref that a push set, and the commit that it has stood for since. */
export interface PushedRef {
  readonly name: string;
  /** Undefined for a new ref. */
  readonly before: string | undefined;
  readonly object: string;
  readonly commit: string;
  /** Its bytes were seen. */
  readonly isSeen: boolean;
}

/** What a client sends to git-receive-pack. */
export class ReceivePackRequest {
  readonly #reader: PktLineReader;
  readonly #updates = new Map<string, Update>();
  #pack: PassingPack | undefined;

  constructor() {
    this.#reader = new PktLineReader({
      data: (payload) => {
        const [line = ''] = lineOf(payload).split('\0');
        const [, before, object, name] = /^([0-9a-f]+) ([0-9a-f]+) (\S+)$/.exec(line) ?? [];
        if (!isObjectId(before) || !isObjectId(object) || !isRefName(name)) return;
        if (this.#updates.size < MAX_UPDATES) this.#updates.set(name, { name, before, object });
      },
      mark: () => undefined,
      bare: (piece) => {
        const [first] = this.#updates.values();
        this.#pack ??= new PassingPack(formatOf(first?.object ?? ''));
        this.#pack.write(piece);
      },
    });
  }

  readonly write = (chunk: Buffer): void => {
    this.#reader.write(chunk);
  };

  get packSize(): number {
    return this.#pack?.size ?? 0;
  }

  /** The refs that were set to a commit, and that the server says it set. To be asked once. */
  pushed(
    repository: Repository,
    { accepted, examine }: { accepted: ReadonlySet<string>; examine: Examine },
  ): PushedRef[] | NotExamined | Promise<PushedRef[] | NotExamined> {
    const pack = this.#pack?.finish();
    if (!this.#reader.isWhole || (this.#pack !== undefined && pack === undefined)) return [];
    const updates = [...this.#updates.values()].filter(
      ({ name, object }) => accepted.has(name) && !isNoObject(object),
    );
    const wanted = new Set(updates.map(({ object }) => object));
    const [first] = wanted;
    const known = repository.refsOf(wanted);
    const read = (seen: PackContents): PushedRef[] =>
      updates.flatMap((update) => pushedRef(update, { seen, known }));
    if (pack === undefined || first === undefined) return read(new Map());
    return examinePack(pack, { wanted, format: formatOf(first), examine }, read);
  }
}

function pushedRef(
  { name, before, object }: Update,
  { seen, known }: { seen: PackContents; known: ReadonlyMap<string, readonly Ref[]> },
): PushedRef[] {
  const found = seen.get(object);
  const holders = [name, ...(known.get(object) ?? []).map((ref) => ref.name)];
  const isBranch = holders.some((holder) => holder.startsWith('refs/heads/'));
  const isCommit = found === undefined ? isBranch : found.type === 'commit';
  const commit = found?.tag?.type === 'commit' ? found.tag.object : isCommit ? object : undefined;
  if (commit === undefined) return [];
  const isSeen = found !== undefined;
  return [{ name, before: isNoObject(before) ? undefined : before, object, commit, isSeen }];
}

/** What git-receive-pack answers: which refs it set. */
export class ReceivePackResponse {
  readonly #accepted = new Set<string>();
  readonly #report: PktLineReader;
  readonly #reader: PktLineReader;
  #isUnpacked = false;

  constructor() {
    this.#report = this.#createReader((payload) => {
      this.#readLine(lineOf(payload));
    });
    // The report is of packets of its own, within those of a band where the client asked for bands.
    this.#reader = this.#createReader((payload) => {
      const band = payload[0] ?? 0;
      if (band === 1) this.#report.write(payload.subarray(1));
      else if (band > 3) this.#readLine(lineOf(payload));
    });
  }

  readonly write = (chunk: Buffer): void => {
    this.#reader.write(chunk);
  };

  /** Names of refs; none where the server does not say that it unpacked what came. */
  accepted(): ReadonlySet<string> {
    return this.#isUnpacked && this.#reader.isWhole ? this.#accepted : new Set();
  }

  #readLine(line: string): void {
    if (line === 'unpack ok') this.#isUnpacked = true;
    else if (line.startsWith('ok ') && this.#accepted.size < MAX_UPDATES) this.#accepted.add(line.slice(3));
  }

  #createReader(data: (payload: Buffer) => void): PktLineReader {
    return new PktLineReader({ data, mark: () => undefined, bare: () => undefined });
  }
}
