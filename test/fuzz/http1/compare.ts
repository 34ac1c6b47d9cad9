import type { FramedMessage, FuzzReading } from './reading.ts';

export interface NamedReading extends FuzzReading {
  readonly reader: string;
}

/** What a comparison found, in the order of how much it matters. */
export type Verdict =
  /** We framed a message and a reader that accepts it framed it otherwise. */
  | { readonly kind: 'differs'; readonly index: number; readonly reader: string }
  /** All readers that accept a message frame it alike, and we do not parse it. */
  | { readonly kind: 'stricter'; readonly index: number; readonly reason: string }
  /** Readers differ in a message, and we do not parse it. */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'agrees' };

/** Compares message by message, up to the first that ours has not or that is framed otherwise. */
export function compareReadings(ours: FuzzReading, others: readonly NamedReading[]): Verdict {
  for (let index = 0; index < ours.messages.length; index++) {
    const message = ours.messages[index];
    if (message === undefined) break;
    const isUnparsed = ours.stop === 'error' && !message.complete;
    if (isUnparsed) return judgeUnparsed(ours, index, others);
    for (const other of others) {
      if (differs(message, other, index)) return { kind: 'differs', index, reader: other.reader };
    }
  }
  const next = ours.messages.length;
  return ours.stop === 'error' ? judgeUnparsed(ours, next, others) : { kind: 'agrees' };
}

function judgeUnparsed(ours: FuzzReading, index: number, others: readonly NamedReading[]): Verdict {
  const accepted = others
    .map((other) => other.messages[index])
    .filter((message) => message?.complete === true);
  const [first] = accepted;
  if (first === undefined) return { kind: 'agrees' };
  const isAlike = accepted.every((message) => message?.start === first.start && message.body === first.body);
  return isAlike ? { kind: 'stricter', index, reason: ours.reason ?? '' } : { kind: 'opaque' };
}

/** A reader that stopped before the message, or refused it, says nothing. */
function differs(ours: FramedMessage, other: FuzzReading, index: number): boolean {
  const theirs = other.messages[index];
  if (theirs === undefined) return false;
  if (!theirs.complete && other.stop === 'error') return false;
  if (ours.start !== theirs.start || ours.complete !== theirs.complete) return true;
  return ours.complete && ours.body !== theirs.body;
}
