import type { NamedReading } from './compare.ts';
import type { FuzzCase, FuzzReading } from './reading.ts';

/**
 * Why a reader's view of a case is not heard: where http.client of Python is known to leave RFC 9112, which all other
 * readers follow, and where what it takes too much would come to us as a response without a request.
 */
export function findKnownDifference(
  { bytes }: FuzzCase,
  ours: FuzzReading,
  { reader, messages }: NamedReading,
): string | undefined {
  if (reader !== 'http.client') return undefined;
  const text = bytes.toString('latin1');
  if (ours.messages.some(({ start }) => start.startsWith('1'))) return 'it gives interim responses otherwise';
  if (/^transfer-encoding:[^\n]*,/im.test(text)) return 'it knows no list of codings';
  if (text.includes(' 304 ') && /^transfer-encoding:/im.test(text)) return 'it reads chunks behind a 304';
  if (/^[^\n:]*[ \t]:/m.test(text)) return 'its header ends at a blank before a colon';
  const last = ours.messages.length - 1;
  const isCut = ours.stop === 'end' && ours.messages[last]?.complete === false;
  if (isCut && messages[last]?.complete === true) return 'the end of the connection ends its trailers';
  return undefined;
}
