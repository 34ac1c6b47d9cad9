import type { Artifact } from '../src/model/artifact.ts';
import type { HostSummary, Run } from '../src/model/run.ts';
import { createComponents } from './cyclonedx/component.ts';
import { formulate } from './cyclonedx/formulation.ts';
import { describeRun, RUN } from './cyclonedx/metadata.ts';
import { property } from './cyclonedx/property.ts';
import { serialNumber } from './cyclonedx/serial-number.ts';
import type { Renderer } from './renderer.ts';
import { each, streamJson } from './text/stream-json.ts';

/**
 * What the command fetched, as a CycloneDX 1.6 BOM (https://cyclonedx.org/docs/1.6/json/). It has no dependency graph:
 * traffic does not tell who needs whom.
 */
export const cyclonedx: Renderer<'cyclonedx'> = {
  id: 'cyclonedx',
  title: 'CycloneDX 1.6',
  extension: 'cdx.json',
  mediaType: 'application/vnd.cyclonedx+json',
  render: (run) => {
    const toComponent = createComponents();
    return streamJson({
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: serialNumber(run),
      version: 1,
      metadata: describeRun(run),
      components: each(run.artifacts.filter(isFetched), toComponent),
      services: each(run.hosts, toService),
      compositions: [{ aggregate: aggregateOf(run), assemblies: [RUN] }],
      formulation: [formulate(run, toComponent)],
    });
  },
};

/** What the command sent is no part of what it was built from. */
const isFetched = ({ direction }: Artifact): boolean => direction === 'fetched';

/** Never `complete`: what caches held was not fetched, and not seen. */
function aggregateOf({ completeness, runs }: Run): 'incomplete' | 'unknown' {
  const isWhole = runs.every(({ integrity }) => integrity.verdict === 'intact');
  return isWhole && completeness.verdict !== 'incomplete' ? 'unknown' : 'incomplete';
}

function toService(host: HostSummary, index: number): object {
  const { requests, failed, bytesIn, bytesOut, tunnels, otherNames = [] } = host;
  const counts = { requests, failed, bytesIn, bytesOut, tunnels };
  return {
    'bom-ref': `host-${index + 1}`,
    name: host.host,
    properties: [
      ...Object.entries(counts).map(([name, count]) => property(name, String(count))),
      ...otherNames.map((name) => property('otherName', name)),
    ],
  };
}
