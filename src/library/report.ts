import { joinChunks, renderers, type FormatId } from '../../reports/index.ts';
import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';

/** As `--report` names them. */
export type ReportFormat = FormatId;

/** The report of a run as text: a pure function, the same bytes anywhere. Throws `AuditError` code `bad-usage`. */
export function renderReport(run: Run, format: ReportFormat): string {
  if (Object.hasOwn(renderers, format)) return joinChunks(renderers[format].render(run));
  throw new AuditError('bad-usage', 'there is no such report format', {
    hint: `Expected one of ${Object.keys(renderers).join(', ')}.`,
  });
}

/**
 * The run that a journal tells of, or several made into one.
 * @throws {AuditError} (as a rejection) `bad-input` when a file cannot be read or is no journal.
 */
export async function readRun(...journalFiles: readonly [string, ...string[]]): Promise<Run> {
  const { replay } = await import('../audit/replay.ts');
  return (await replay(journalFiles, { env: {} })).run;
}
