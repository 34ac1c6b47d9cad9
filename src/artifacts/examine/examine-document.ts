import { setImmediate } from 'node:timers/promises';
import { documentReaders, type DocumentFormat, type HeadOf, type RowOf } from '../documents/index.ts';
import { sourceOfBytes } from './byte-source.ts';
import type { Examine } from './examiner.ts';
import { BATCH } from './limits.ts';
import { BeyondLimit, isNotExamined, type NotExamined } from './not-examined.ts';

/** A body as it was kept: in memory where it is short, else in a file. */
interface KeptDocument {
  readonly bytes: Buffer;
  readonly file: string | undefined;
  readonly examine: Examine;
}

/** Takes what a document says: its head, with some of its rows at a time, at least once; not for what is no such document. */
type TakeDocument<Format extends DocumentFormat> = (
  head: HeadOf<Format>,
  rows: readonly RowOf<Format>[],
) => void;

/** Reads a document: at once where it is short and says little, else beside other work. Undefined when it was read. */
export function examineDocument<Format extends DocumentFormat>(
  format: Format,
  kept: KeptDocument,
  take: TakeDocument<Format>,
): NotExamined | Promise<NotExamined | undefined> | undefined {
  if (kept.file !== undefined) return examineElsewhere(format, { ...kept, file: kept.file }, take);
  try {
    const document = documentReaders[format](sourceOfBytes(kept.bytes));
    if (document === undefined) return undefined;
    const [head, rows] = [document.head as HeadOf<Format>, document.rows as readonly RowOf<Format>[]];
    if (rows.length > BATCH) return takeInTurns(head, rows, take);
    take(head, rows);
    return undefined;
  } catch (error) {
    if (error instanceof BeyondLimit) return { notExamined: error.message };
    throw error;
  }
}

async function takeInTurns<Format extends DocumentFormat>(
  head: HeadOf<Format>,
  rows: readonly RowOf<Format>[],
  take: TakeDocument<Format>,
): Promise<undefined> {
  for (let at = 0; at < rows.length; at += BATCH) {
    if (at > 0) await setImmediate();
    take(head, rows.slice(at, at + BATCH));
  }
}

async function examineElsewhere<Format extends DocumentFormat>(
  format: Format,
  { file, examine }: KeptDocument & { readonly file: string },
  take: TakeDocument<Format>,
): Promise<NotExamined | undefined> {
  let head: { readonly value: HeadOf<Format> } | undefined;
  const output = await examine('document', { file, format }, (rows) => {
    // The first thing that is handed over is the head.
    if (head === undefined) head = { value: rows[0] as HeadOf<Format> };
    else take(head.value, rows as readonly RowOf<Format>[]);
  });
  if (isNotExamined(output)) return output;
  if (head === undefined && output !== undefined) take(output as HeadOf<Format>, []);
  return undefined;
}
