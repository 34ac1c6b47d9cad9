import type { Run } from '../src/model/run.ts';

/** A document piece by piece: a large one is never whole in memory. (No mere `Iterable`: a string is one, of characters.) */
export type Chunks = Generator<string> | readonly string[];

/** One report format: a pure function of the Run, the same bytes anywhere. */
export interface Renderer<Id extends string = string> {
  /** As `--report` names it. */
  readonly id: Id;
  readonly title: string;
  /** Without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** The document, ending in a newline. Text of the Run is hostile and comes out escaped. */
  readonly render: (run: Run) => Chunks;
}

/** The whole document. */
export function joinChunks(chunks: Chunks): string {
  return Array.isArray(chunks) ? chunks.join('') : [...chunks].join('');
}
