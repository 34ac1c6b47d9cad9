import { KeptBody } from './kept-body.ts';
import type { LargeMetadata, Lesson, Metadata } from './recogniser.ts';

export interface MetadataReader {
  readonly sink: (chunk: Buffer) => void;
  /** To be called when all of the body has passed. */
  readonly read: () => void;
  /** To be called instead where not all of it will. */
  readonly discard: () => void;
}

/** Keeps metadata as it passes, and reads it when it is whole; what is larger than its limit is not read. */
export function readMetadata(
  metadata: Metadata | LargeMetadata,
  { directory, name, learn }: { directory: string; name: string; learn: (lesson: Lesson) => void },
): MetadataReader {
  const { limit } = metadata;
  const keep = metadata.kind === 'index' ? 'spool' : 'whole';
  const kept = new KeptBody({ keep, limit, read: () => undefined }, directory, name);
  const read = (): void => {
    const body = kept.take();
    if (body === undefined) return;
    try {
      if (metadata.kind === 'metadata') metadata.learn(body.bytes).forEach(learn);
      else if (body.file !== undefined) metadata.study(body.file);
    } finally {
      body.release();
    }
  };
  const discard = (): void => {
    kept.discard();
  };
  return { sink: kept.write, read, discard };
}
