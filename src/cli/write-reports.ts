import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import type { ReportRequest } from './report-request.ts';
import { print, STDOUT } from './terminal.ts';

/**
 * Writes the reports and returns the files. Without a path a report goes to stdout or, where that is the command's,
 * to the run directory.
 */
export async function writeReports(
  requests: readonly ReportRequest[],
  run: Run,
  place: { stdout: boolean; directory: string | null },
): Promise<string[]> {
  const written: string[] = [];
  for (const { renderer, path } of requests) {
    const text = renderer.render(run);
    if (place.stdout && (path === undefined || path === '-')) {
      print(STDOUT, text);
      continue;
    }
    const file = path ?? join(place.directory ?? '.', `report.${renderer.extension}`);
    await write(file, text);
    written.push(file);
  }
  return written;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuditError('bad-input', `the report ${file} cannot be written: ${reason}`, { cause });
  }
}
