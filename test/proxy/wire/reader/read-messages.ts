import { MessageReader, type Piece } from '../../../../src/proxy/wire/reader/message-reader.ts';
import type { RequestHead, ResponseHead } from '../../../../src/proxy/wire/reader/message-head.ts';

/** A message as the reader states it, whatever the segments were. */
export interface ReadMessage {
  head: RequestHead | ResponseHead;
  content: string;
  /** Undefined where its end did not come. */
  trailers: readonly string[] | undefined;
  endOddities: readonly string[];
}

export interface Reading {
  messages: ReadMessage[];
  /** Why the rest is opaque, and the rest. */
  unparsed: { reason: string; bytes: string } | undefined;
  finish: 'idle' | 'end' | 'cut';
  /** The bytes of all pieces and of what was kept. */
  bytes: string;
}

export interface ReadOptions {
  /** The method of the request that a response answers; several for responses one after the other; none: no reader of responses. */
  answering?: string | readonly (string | undefined)[] | undefined;
  maxHeadBytes?: number;
}

/** Pushes segments one after the other, drains the reader after each, and collects what it stated. */
export function readMessages(segments: readonly Buffer[], options: ReadOptions = {}): Reading {
  const { answering, maxHeadBytes } = options;
  const reader = new MessageReader(
    answering === undefined ? 'request' : 'response',
    maxHeadBytes === undefined ? {} : { maxHeadBytes },
  );
  const reading = new ReadingInProgress(answering);
  reader.answering = reading.nextMethod();
  for (const segment of segments) {
    reader.push(segment);
    for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
      reading.add(piece);
      if (piece.type === 'end') reader.answering = reading.nextMethod();
    }
  }
  const finish = reader.finish();
  return reading.finish(finish, reader.takeRest());
}

class ReadingInProgress {
  readonly messages: ReadMessage[] = [];
  readonly #bytes: Buffer[] = [];
  readonly #methods: (string | undefined)[];
  readonly #repeated: string | undefined;
  #unparsed: { reason: string; bytes: string } | undefined;

  constructor(answering: ReadOptions['answering']) {
    this.#methods = typeof answering === 'object' ? [...answering] : [];
    this.#repeated = typeof answering === 'string' ? answering : undefined;
  }

  nextMethod(): string | undefined {
    return this.#methods.shift() ?? this.#repeated;
  }

  add(piece: Piece): void {
    this.#bytes.push(piece.bytes);
    const message = this.messages.at(-1);
    if (piece.type === 'head') {
      this.messages.push({ head: piece.head, content: '', trailers: undefined, endOddities: [] });
    } else if (piece.type === 'body' && message !== undefined) {
      message.content += piece.content?.toString('latin1') ?? '';
    } else if (piece.type === 'end' && message !== undefined) {
      message.trailers = piece.trailers;
      message.endOddities = piece.oddities;
    } else if (piece.type === 'unparsed') {
      this.#unparsed ??= { reason: piece.reason, bytes: '' };
      this.#unparsed.bytes += piece.bytes.toString('latin1');
    }
  }

  finish(finish: Reading['finish'], rest: Buffer): Reading {
    const bytes = Buffer.concat([...this.#bytes, rest]).toString('latin1');
    return { messages: this.messages, unparsed: this.#unparsed, finish, bytes };
  }
}

export function oneSegment(text: string): Buffer[] {
  return [Buffer.from(text, 'latin1')];
}

export function singleBytes(text: string): Buffer[] {
  return Array.from(Buffer.from(text, 'latin1'), (byte) => Buffer.from([byte]));
}
