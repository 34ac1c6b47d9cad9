import type { Artifact } from '../../src/model/artifact.ts';

/** An artifact of npm that nothing was checked against, but for `change`. */
export function anArtifact(name: string, change: Partial<Artifact> = {}): Artifact {
  return {
    id: `a-${name}`,
    class: 'package',
    ecosystem: 'npm',
    purl: `pkg:npm/${name}@1.0.0`,
    name,
    version: '1.0.0',
    fileName: `${name}-1.0.0.tgz`,
    urls: [`https://registry.example/${name}/-/${name}-1.0.0.tgz`],
    direction: 'fetched',
    digests: { sha256: 'ab'.repeat(32) },
    size: 2000,
    identifiedBy: 'path',
    expected: [],
    verdict: 'unchecked',
    exchangeIds: ['x1'],
    ...change,
  };
}
