// https://git-scm.com/docs/gitprotocol-common#_pkt_line_format

/** Between packets there may be marks; a push, and a very old server's response, end in a pack without packets. */
export interface PacketSink {
  /** Valid for the time of the call only. */
  data(payload: Buffer): void;
  mark(mark: Mark): void;
  /** The pack that follows the packets, in pieces. */
  bare(piece: Buffer): void;
}

export type Mark = 'flush' | 'delimiter' | 'response-end';

const MAX_PACKET = 65_520;
const marks: readonly (Mark | undefined)[] = ['flush', 'delimiter', 'response-end'];

/** Takes a stream of pkt-lines apart as it passes. It holds one packet at most. */
export class PktLineReader {
  readonly #sink: PacketSink;
  readonly #header = Buffer.alloc(4);
  #headerSize = 0;
  #held: Buffer | undefined;
  #heldSize = 0;
  #form: 'packets' | 'bare' | 'broken' = 'packets';

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  /** All that came were whole packets, and a pack perhaps. */
  get isWhole(): boolean {
    return this.#form === 'bare' || (this.#form === 'packets' && this.#headerSize === 0);
  }

  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#form === 'packets') {
      at += this.#headerSize < 4 ? this.#readHeader(chunk, at) : this.#readPayload(chunk, at);
    }
    if (this.#form === 'bare' && at < chunk.length) this.#sink.bare(chunk.subarray(at));
  }

  #readHeader(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#header, this.#headerSize, at, at + 4 - this.#headerSize);
    this.#headerSize += taken;
    if (this.#headerSize === 4) this.#begin(this.#header.toString('latin1'));
    return taken;
  }

  #begin(header: string): void {
    if (header === 'PACK') {
      this.#form = 'bare';
      this.#sink.bare(Buffer.from(this.#header));
      return;
    }
    const length = /^[0-9a-f]{4}$/i.test(header) ? Number.parseInt(header, 16) : -1;
    const mark = marks[length];
    if (mark !== undefined || length === 4) {
      this.#headerSize = 0;
      if (mark === undefined) this.#sink.data(Buffer.alloc(0));
      else this.#sink.mark(mark);
    } else if (length < 4 || length > MAX_PACKET) this.#form = 'broken';
    else this.#heldSize = 0;
  }

  #readPayload(chunk: Buffer, at: number): number {
    const size = Number.parseInt(this.#header.toString('latin1'), 16) - 4;
    if (this.#held === undefined && chunk.length - at >= size) {
      this.#end(chunk.subarray(at, at + size));
      return size;
    }
    this.#held ??= Buffer.allocUnsafe(size);
    const taken = chunk.copy(this.#held, this.#heldSize, at, at + size - this.#heldSize);
    this.#heldSize += taken;
    if (this.#heldSize === size) this.#end(this.#held);
    return taken;
  }

  #end(payload: Buffer): void {
    this.#headerSize = 0;
    this.#held = undefined;
    this.#sink.data(payload);
  }
}

/** The text of a packet; its line end is optional. */
export function lineOf(payload: Buffer): string {
  const text = payload.toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}
