import type { Artifact } from '../../model/artifact.ts';
import { incomparableReasons, suspiciousReasons } from '../../model/incomparable.ts';
import { aboutArtifact } from '../about-artifact.ts';
import type { Rule, Sighting } from '../rule.ts';

export const notComparable: Rule = {
  id: 'not-comparable',
  look: ({ run }) => run.artifacts.flatMap(look),
};

function look(artifact: Artifact): Sighting[] {
  const { verdict, reason, expected } = artifact;
  if (verdict !== 'not-comparable' || reason === undefined) return [];
  const locked = expected.find(({ source }) => source === 'lockfile');
  // Registries state digests late at times; that what a lockfile has was not computed takes a name that came late.
  const isSuspicious = suspiciousReasons.has(reason) || (reason === 'not-computed' && locked !== undefined);
  if (!isSuspicious) return [];
  const from = locked ?? expected[0];
  const place = from?.line === undefined ? {} : { location: { path: from.from, line: from.line } };
  const against = from === undefined ? '' : `: ${from.from}${from.line === undefined ? '' : `:${from.line}`}`;
  return [
    {
      ...aboutArtifact(artifact),
      level: locked === undefined ? 'warning' : 'error',
      message: `${incomparableReasons[reason]}, so that it could not be compared with what was expected${against}`,
      ...place,
    },
  ];
}
