import type { Artifact } from '../model/artifact.ts';
import { subjectOf } from '../support/artifact-subject.ts';
import type { Sighting } from './rule.ts';

/** What findings say of an artifact beside their own words. */
export function aboutArtifact(artifact: Artifact): Pick<Sighting, 'subject' | 'artifactId' | 'process'> {
  const { id, process } = artifact;
  return { subject: subjectOf(artifact), artifactId: id, ...(process === undefined ? {} : { process }) };
}
