import type { Artifact } from '../../model/artifact.ts';
import { hostOfUrl } from '../../support/host-key.ts';
import { formatQuantity } from '../../support/quantities.ts';
import { aboutArtifact } from '../about-artifact.ts';
import type { Rule, Sighting } from '../rule.ts';

export const plainHttp: Rule = {
  id: 'plain-http',
  look: ({ run }) => {
    const plain = run.artifacts.filter(
      (artifact) => artifact.direction === 'fetched' && plainUrlOf(artifact) !== undefined,
    );
    return [
      ...plain.filter((artifact) => !isCovered(artifact)).map(stateUncovered),
      ...stateCovered(plain.filter(isCovered)),
    ];
  },
};

/** One plain hop of several is enough: who is on the way may lead it elsewhere. */
function plainUrlOf({ urls }: Artifact): string | undefined {
  return urls.find((url) => url.startsWith('http://') && !isLoopback(hostOfUrl(url)));
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}

/** A change on the way would have shown: by the user's lockfile, or by an index that is signed. */
function isCovered({ verdict, ecosystem, expected }: Artifact): boolean {
  if (verdict === 'locked') return true;
  const isIndexed = expected.some(({ source, result }) => source === 'index' && result === 'match');
  return ecosystem === 'deb' && verdict !== 'mismatch' && isIndexed;
}

function stateUncovered(artifact: Artifact): Sighting {
  return {
    ...aboutArtifact(artifact),
    message: `it came over plain HTTP from ${hostOfUrl(plainUrlOf(artifact) ?? '')}, and nothing trusted in this run says what its bytes must be`,
  };
}

/** By host: there may be hundreds. */
function stateCovered(artifacts: readonly Artifact[]): Sighting[] {
  const counts = new Map<string, number>();
  for (const artifact of artifacts) {
    const host = hostOfUrl(plainUrlOf(artifact) ?? '');
    counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return [...counts].map(([subject, count]) => ({
    level: 'note',
    subject,
    message: `${formatQuantity(count, 'artifact')} came over plain HTTP; signed metadata or a lockfile covers their bytes`,
    count,
  }));
}
