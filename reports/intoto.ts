import { RUNTIME_TRACE } from './in-toto/identifiers.ts';
import { toCommit, toJournal } from './in-toto/resource.ts';
import { traceRun } from './in-toto/runtime-trace.ts';
import { printStatement, subjectsOf } from './in-toto/statement.ts';
import type { Renderer } from './renderer.ts';

/**
 * A statement with what a run was seen to do. What the command made is not known, and what it fetched is not what it
 * made: the subject is the commit that was checked out, and the journal.
 */
export const intoto: Renderer<'intoto'> = {
  id: 'intoto',
  title: 'in-toto runtime trace',
  extension: 'intoto.json',
  mediaType: 'application/vnd.in-toto+json',
  render: (run) =>
    printStatement(RUNTIME_TRACE, subjectsOf(run.runs, toCommit, toJournal), () => traceRun(run)),
};
