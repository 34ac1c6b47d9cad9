import { normalize } from 'node:path';
import { AuditError } from '../support/errors.ts';
import type { ReportRequest } from './report-request.ts';

/** Throws `AuditError` code `bad-usage` where two outputs name one file: what is written last would be all there is. */
export function refuseOneFile(reports: readonly ReportRequest[], output?: string): void {
  const taken = new Map<string, string>();
  if (output !== undefined) taken.set(normalize(output), `--output ${output}`);
  for (const { format, path } of reports) {
    // What the system gives there may be written to several times.
    if (path === undefined || path === '-' || path.startsWith('/dev/')) continue;
    const name = `--report ${format}=${path}`;
    const other = taken.get(normalize(path));
    if (other !== undefined) {
      throw new AuditError('bad-usage', `${other} and ${name} name one file`, {
        hint: 'Give each a file of its own.',
      });
    }
    taken.set(normalize(path), name);
  }
}
