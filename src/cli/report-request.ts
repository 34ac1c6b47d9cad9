import { AuditError } from '../support/errors.ts';
import { formatIds, type FormatId } from '../../reports/format-ids.ts';

/** A report that was asked for: `path` undefined is the default place, `-` stdout. */
export interface ReportRequest {
  readonly format: FormatId;
  readonly path: string | undefined;
  /** Asked for by somebody who may not have it written outside of the working directory. */
  readonly isConfined?: true;
}

/** Parses `FORMAT[=PATH]`. */
export function parseReportRequest(text: string): ReportRequest {
  const separator = text.indexOf('=');
  const name = separator < 0 ? text : text.slice(0, separator);
  const path = separator < 0 ? undefined : text.slice(separator + 1);
  const format = formatIds.find((id) => id === name);
  if (format === undefined || path === '') {
    throw new AuditError(
      'bad-usage',
      `--report ${text}: expected FORMAT or FORMAT=PATH, with FORMAT one of ${formatIds.join(', ')}`,
    );
  }
  return { format, path };
}

/** The same where the code under audit may be asking: no path may lead out of the working directory. */
export function parseConfinedRequest(text: string): ReportRequest {
  const request = parseReportRequest(text);
  if (request.path === undefined || isPlainPath(request.path)) return { ...request, isConfined: true };
  throw new AuditError(
    'bad-usage',
    'expected a path below the working directory, none of its parts beginning with a dot',
  );
}

/** A file that the code under audit may have named: it must lie in the working directory. */
export function parseConfinedFile(text: string): string {
  if (isPlainPath(text)) return text;
  throw new AuditError(
    'bad-usage',
    'expected a path below the working directory, none of its parts beginning with a dot',
  );
}

function isPlainPath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && !part.startsWith('.') && part !== '-');
}
