import type { Rule, Sighting } from '../rule.ts';
import { subjectOf } from '../../support/artifact-subject.ts';
import { aboutArtifact } from '../about-artifact.ts';
import { shortenDigest } from '../shorten-digest.ts';

export const newHost: Rule = {
  id: 'new-host',
  look: ({ run, difference }) =>
    (difference?.addedHosts ?? []).map((subject): Sighting => {
      const asked = run.processes.find(({ hosts }) => hosts.some(({ host }) => host === subject));
      const process = asked?.process ?? undefined;
      return {
        subject,
        message: 'the baseline does not name this host',
        ...(process === undefined ? {} : { process }),
      };
    }),
};

export const newArtifact: Rule = {
  id: 'new-artifact',
  look: ({ run, difference }) => {
    if (difference === null) return [];
    const fetched = run.artifacts.filter(({ direction }) => direction === 'fetched');
    const known = new Map(fetched.map((artifact) => [subjectOf(artifact), artifact]));
    return difference.addedArtifacts.map(({ subject, file, digest }): Sighting => {
      const artifact = known.get(subject);
      const what = file === undefined ? 'this artifact' : file;
      return {
        ...(artifact === undefined ? {} : aboutArtifact(artifact)),
        subject,
        message: `the baseline does not name ${what}${digest === null ? '' : ` (${shortenDigest(digest)})`}`,
      };
    });
  },
};
