import { PROVENANCE } from './in-toto/identifiers.ts';
import { toProvenance } from './in-toto/provenance.ts';
import { toJournal } from './in-toto/resource.ts';
import { printStatement, subjectsOf } from './in-toto/statement.ts';
import type { Renderer } from './renderer.ts';

/**
 * SLSA provenance v1. Its subject is what a build put out, and of that the journal is all we know: the commit is
 * something it was built from.
 */
export const slsa: Renderer<'slsa'> = {
  id: 'slsa',
  title: 'SLSA provenance',
  extension: 'slsa.json',
  mediaType: 'application/vnd.in-toto+json',
  render: (run) => printStatement(PROVENANCE, subjectsOf(run.runs, toJournal), () => toProvenance(run)),
};
