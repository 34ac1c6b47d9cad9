import type { Artifact } from '../model/artifact.ts';

/** What a waiver names it by: its package URL, else the URL that was asked for, without a query. */
export function subjectOf({ purl, name, urls }: Artifact): string {
  return purl ?? urls[0]?.split('?', 1)[0] ?? name;
}

/** What findings say of an artifact beside their own words. */
export function aboutArtifact(artifact: Artifact): {
  readonly subject: string;
  readonly artifactId: string;
  readonly process?: NonNullable<Artifact['process']>;
} {
  const { id, process } = artifact;
  return { subject: subjectOf(artifact), artifactId: id, ...(process === undefined ? {} : { process }) };
}
