import { MessageReader } from '../../../src/proxy/wire/reader/message-reader.ts';
import type { RequestHead, ResponseHead } from '../../../src/proxy/wire/reader/message-head.ts';
import type { FuzzCase, FuzzReading } from './reading.ts';

/** How our reader frames the segments. */
export function readWithOurs(
  { kind, methods }: FuzzCase,
  segments: readonly Buffer[],
): FuzzReading & { pieces: Buffer } {
  const reader = new MessageReader(kind);
  const messages: { start: string; body: string; complete: boolean }[] = [];
  const pieces: Buffer[] = [];
  let reason: string | undefined;
  let answered = 0;
  if (kind === 'response') reader.answering = methods[0];
  let isSwitched = false;
  for (const segment of segments) {
    reader.push(segment);
    for (let piece = reader.next(); piece !== undefined; piece = reader.next()) {
      pieces.push(piece.bytes);
      const message = messages.at(-1);
      if (piece.type === 'head') {
        const complete = isInterim(piece.head) || isSwitch(piece.head);
        isSwitched ||= isSwitch(piece.head);
        messages.push({ start: startOf(piece.head), body: '', complete });
      } else if (piece.type === 'body' && message !== undefined) {
        message.body += piece.content?.toString('latin1') ?? '';
      } else if (piece.type === 'end' && message !== undefined) {
        message.complete = true;
        if (kind === 'response') reader.answering = methods[++answered];
      } else if (piece.type === 'unparsed') {
        reason ??= piece.reason;
      }
    }
  }
  const last = messages.at(-1);
  if (reader.finish() === 'end' && last !== undefined) last.complete = true;
  pieces.push(reader.takeRest());
  const stop = isSwitched ? 'stop' : reason === undefined ? 'end' : 'error';
  return { messages, stop, pieces: Buffer.concat(pieces), ...(reason === undefined ? {} : { reason }) };
}

function startOf(head: RequestHead | ResponseHead): string {
  return head.kind === 'request' ? `${head.method} ${head.target}` : `${head.status}`;
}

function isInterim(head: RequestHead | ResponseHead): boolean {
  return head.kind === 'response' && head.isInterim;
}

function isSwitch(head: RequestHead | ResponseHead): boolean {
  return head.kind === 'response' && head.framing.kind === 'switched';
}
