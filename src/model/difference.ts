import type { BaselineArtifact } from './baseline.ts';

/** One thing that is there with other bytes than before. */
export interface ChangedBytes {
  readonly subject: string;
  readonly file?: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** One package that is there in other versions than before. */
export interface ChangedVersion {
  /** Its package URL without version and qualifiers. */
  readonly subject: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What one baseline, or run, has other than another. All lists are sorted. */
export interface Difference {
  readonly addedHosts: readonly string[];
  readonly removedHosts: readonly string[];
  readonly addedArtifacts: readonly BaselineArtifact[];
  readonly removedArtifacts: readonly BaselineArtifact[];
  /** Their artifacts are among the added and the removed ones. */
  readonly changedVersions: readonly ChangedVersion[];
  readonly changedBytes: readonly ChangedBytes[];
}
