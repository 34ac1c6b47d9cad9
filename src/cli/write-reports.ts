import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import type { ReportRequest } from './report-request.ts';
import { print, STDOUT } from './terminal.ts';

export interface WrittenReports {
  /** The files. */
  readonly written: readonly string[];
  /** One for each report that could not be written; the others were. */
  readonly failed: readonly AuditError[];
}

/**
 * Writes the reports. Without a path a report goes to stdout or, where that is the command's, to the run directory.
 */
export async function writeReports(
  requests: readonly ReportRequest[],
  run: Run,
  place: { stdout: boolean; directory: string | null },
): Promise<WrittenReports> {
  const written: string[] = [];
  const failed: AuditError[] = [];
  for (const { renderer, path } of requests) {
    const onStdout = place.stdout && (path === undefined || path === '-');
    const file = path ?? join(place.directory ?? '.', `report.${renderer.extension}`);
    try {
      const text = renderer.render(run);
      if (onStdout) {
        print(STDOUT, text);
        continue;
      }
      await writeFile(file, text);
      written.push(file);
    } catch (cause) {
      failed.push(cause instanceof AuditError ? cause : cannotWrite(file, cause));
    }
  }
  return { written, failed };
}

function cannotWrite(file: string, cause: unknown): AuditError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuditError('bad-input', `the report ${file} cannot be written: ${reason}`, { cause });
}
