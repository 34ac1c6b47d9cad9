import { isNotExamined, type NotExamined } from './examine/not-examined.ts';
import { KeptBody, type KeepingPlace } from './kept-body.ts';
import type { LargeMetadata, Lesson, Metadata, MetadataDocument } from './recogniser.ts';

export interface MetadataReader {
  readonly sink: (chunk: Buffer) => void;
  /**
   * To be called when all of the body has passed. Undefined when it was read, or was no such thing; a promise where that
   * takes longer.
   */
  readonly read: () => NotExamined | Promise<NotExamined | undefined> | undefined;
  /** To be called instead where not all of it will. */
  readonly discard: () => void;
}

/** Keeps metadata as it passes, and reads it when it is whole. */
export function readMetadata(
  metadata: Metadata | MetadataDocument | LargeMetadata,
  { learn, ...place }: KeepingPlace & { learn: (lesson: Lesson) => void },
): MetadataReader {
  const { limit } = metadata;
  // What nobody wants to know of is kept by nobody.
  const kept = limit === 0 ? undefined : new KeptBody({ keep: keepOf(metadata), limit }, place);
  const read = (): NotExamined | Promise<NotExamined | undefined> | undefined => {
    const body = kept?.take();
    if (body === undefined || isNotExamined(body)) return body;
    if (metadata.kind === 'document') {
      const reading = metadata.examine(body, learn);
      if (reading instanceof Promise) return reading.finally(body.release);
      body.release();
      return reading;
    }
    try {
      if (metadata.kind === 'metadata') metadata.learn(body.bytes).forEach(learn);
      else if (body.file !== undefined) metadata.study(body.file);
    } finally {
      body.release();
    }
    return undefined;
  };
  const discard = (): void => {
    kept?.discard();
  };
  return { sink: (chunk) => kept?.write(chunk), read, discard };
}

function keepOf({ kind }: Metadata | MetadataDocument | LargeMetadata): 'spool' | 'whole' {
  return kind === 'index' ? 'spool' : 'whole';
}
