import type { FindingLevel, FindingRule } from './finding-rules.ts';
import type { Process } from './exchange.ts';

/** Why a finding is accepted, and until when. */
export interface Acceptance {
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`, in UTC. */
  readonly expires?: string;
  /** The base commit does not have it: it came with the change that is built. */
  readonly isNew?: true;
}

export interface FindingLocation {
  readonly path: string;
  readonly line: number;
  /** The same path from the repository's root, where the working directory is below it. */
  readonly fromRoot?: string;
}

/** Something of a run that a reader should know. */
export interface Finding {
  readonly rule: FindingRule;
  readonly level: FindingLevel;
  /** Stable from run to run, and what a waiver names: a purl, a file, a host or a URL. */
  readonly subject: string;
  /** One sentence, with the facts. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  readonly artifactId?: string;
  /** Who asked. */
  readonly process?: Process;
  /** A file of the working directory, such as a lockfile, and the line in it, from 1. */
  readonly location?: FindingLocation;
  /** How many equal ones there are. */
  readonly count: number;
  /** It is accepted, and does not count. */
  readonly waiver?: Acceptance;
  /** It was accepted until a day that was over when the run began: it counts again. */
  readonly expiredWaiver?: Acceptance;
}
