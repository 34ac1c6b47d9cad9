import { describe, expect, it } from 'vitest';
import { formatIds } from '../../reports/format-ids.ts';
import { parseReportRequest } from '../../src/cli/report-request.ts';

describe('--report', () => {
  it.each(formatIds)('knows %s', (format) => {
    expect(parseReportRequest(format)).toEqual({ format, path: undefined });
    expect(parseReportRequest(`${format}=a/b=c`)).toEqual({ format, path: 'a/b=c' });
    expect(parseReportRequest(`${format}=-`)).toEqual({ format, path: '-' });
  });

  it.each(['', 'jsn', 'JSON', '=x', 'json=', 'constructor'])(
    '%j is refused, and the formats are named',
    (text) => {
      expect(() => parseReportRequest(text)).toThrow(
        `--report ${text}: expected FORMAT or FORMAT=PATH, with FORMAT one of ${formatIds.join(', ')}`,
      );
    },
  );
});
