import type { Run } from '../src/model/run.ts';

/** One report format: a pure function of the Run, the same bytes anywhere. */
export interface Renderer<Id extends string = string> {
  /** As `--report` names it. */
  readonly id: Id;
  readonly title: string;
  /** Without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** The document, ending in a newline. Text of the Run is hostile and comes out escaped. */
  readonly render: (run: Run) => string;
}
