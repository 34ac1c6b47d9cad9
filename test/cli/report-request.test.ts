import { describe, expect, it } from 'vitest';
import { renderers } from '../../reports/index.ts';
import { parseReportRequest } from '../../src/cli/report-request.ts';

describe('--report', () => {
  it.each(renderers.map((renderer) => [renderer.id, renderer]))('knows %s', (id, renderer) => {
    expect(parseReportRequest(id)).toEqual({ renderer, path: undefined });
    expect(parseReportRequest(`${id}=a/b=c`)).toEqual({ renderer, path: 'a/b=c' });
    expect(parseReportRequest(`${id}=-`)).toEqual({ renderer, path: '-' });
  });

  it.each(['', 'jsn', 'JSON', '=x', 'json=', 'constructor'])(
    '%j is refused, and the formats are named',
    (text) => {
      expect(() => parseReportRequest(text)).toThrow(
        `--report ${text}: expected FORMAT or FORMAT=PATH, with FORMAT one of ${renderers.map(({ id }) => id).join(', ')}`,
      );
    },
  );
});
