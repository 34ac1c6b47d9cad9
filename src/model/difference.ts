import type { BaselineArtifact } from './baseline.ts';
import type { Process } from './exchange.ts';

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

/** A comparison as it is reported. */
export interface Comparison {
  /** What is compared, as the user named it. */
  readonly base: string;
  readonly head: string;
  readonly difference: Difference;
  /** Who asked, in the head, by host or subject of an artifact; at most three each. */
  readonly askedBy: ReadonlyMap<string, readonly Process[]>;
  /** Why one of the two may not tell all. */
  readonly gaps: readonly string[];
}
