import type { DocumentFormat, HeadOf, RowOf } from './documents/index.ts';
import { examineDocument } from './examine/examine-document.ts';
import type { Lesson, MetadataDocument } from './recogniser.ts';

/** Metadata of a format: `teach` is told of its head and some of its rows at a time, at least once. */
export function createDocument<Format extends DocumentFormat>(
  format: Format,
  limit: number,
  teach: (head: HeadOf<Format>, rows: readonly RowOf<Format>[]) => readonly Lesson[],
): MetadataDocument {
  return {
    kind: 'document',
    limit,
    examine: (body, learn) =>
      examineDocument(format, body, (head, rows) => {
        teach(head, rows).forEach(learn);
      }),
  };
}
