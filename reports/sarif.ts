import type { Run } from '../src/model/run.ts';
import type { Renderer } from './renderer.ts';
import { createResults } from './sarif/result.ts';
import { describeRules } from './sarif/rules.ts';
import { describeInvocation, describeRevisions, SOURCE_ROOT } from './sarif/invocation.ts';
import { each, streamJson } from './text/stream-json.ts';

/** Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), fit for GitHub's code scanning. */
export const sarif: Renderer<'sarif'> = {
  id: 'sarif',
  title: 'SARIF 2.1.0',
  extension: 'sarif',
  mediaType: 'application/sarif+json',
  render: (run) =>
    streamJson({
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'proxaudit', ...versionOf(run), rules: describeRules() } },
          invocations: run.runs.map(describeInvocation),
          ...describeRevisions(run.runs),
          originalUriBaseIds: {
            [SOURCE_ROOT]: { description: { text: 'The root of the repository, or the working directory.' } },
          },
          columnKind: 'utf16CodeUnits',
          results: each(run.findings, createResults(run)),
          properties: {
            completeness: run.completeness,
            ...(run.waivers === undefined ? {} : { waivers: run.waivers }),
          },
        },
      ],
    }),
};

function versionOf({ runs }: Run): { version?: string } {
  const versions = new Set(runs.map(({ tool }) => tool.version));
  return versions.size === 0 ? {} : { version: [...versions].join(' ') };
}
