import { aboutArtifact } from '../about-artifact.ts';
import { holdsFor } from '../../support/work-places.ts';
import type { Rule, Sighting } from '../rule.ts';

export const unlocked: Rule = {
  id: 'unlocked',
  look: ({ run: { artifacts, lockfiles } }) =>
    artifacts
      .filter(({ verdict, direction }) => verdict === 'unlocked' && direction === 'fetched')
      .map((artifact): Sighting => {
        const paths = lockfiles
          .filter(
            ({ ecosystem, place }) => ecosystem === artifact.ecosystem && holdsFor(place, artifact.process),
          )
          .map(({ path }) => path);
        const [path] = paths;
        return {
          ...aboutArtifact(artifact),
          message: `it is not in ${paths.slice(0, 3).join(' or ') || 'any lockfile'}`,
          ...(path === undefined ? {} : { location: { path, line: 1 } }),
        };
      }),
};
