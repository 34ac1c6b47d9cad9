import { AuditError } from '../support/errors.ts';
import { renderers } from '../../reports/index.ts';
import type { Renderer } from '../../reports/index.ts';

/** A report that was asked for: `path` undefined is the default place, `-` stdout. */
export interface ReportRequest {
  readonly renderer: Renderer;
  readonly path: string | undefined;
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
