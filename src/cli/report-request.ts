import { AuditError } from '../support/errors.ts';
import { renderers } from '../../reports/index.ts';
import type { Renderer } from '../../reports/index.ts';

/** A report that was asked for: `path` undefined is the default place, `-` stdout. */
export interface ReportRequest {
  readonly renderer: Renderer;
  readonly path: string | undefined;
  /** Asked for by somebody who may not have it written outside of the working directory. */
  readonly isConfined?: true;
}

/** Parses `FORMAT[=PATH]`. */
export function parseReportRequest(text: string): ReportRequest {
  const separator = text.indexOf('=');
  const format = separator < 0 ? text : text.slice(0, separator);
  const path = separator < 0 ? undefined : text.slice(separator + 1);
  const renderer = renderers.find(({ id }) => id === format);
  if (renderer === undefined || path === '') {
    const known = renderers.map(({ id }) => id).join(', ');
    throw new AuditError(
      'bad-usage',
      `--report ${text}: expected FORMAT or FORMAT=PATH, with FORMAT one of ${known}`,
    );
  }
  return { renderer, path };
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
