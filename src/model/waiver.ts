import { z } from 'zod';
import { findingRules, type FindingRule } from './finding-rules.ts';

const ids = findingRules.map(({ id }) => id) as [FindingRule, ...FindingRule[]];

/** A finding that somebody has looked at and accepts. */
const waiverSchema = z.object({
  finding: z.enum(ids),
  /** That of the finding; `*` stands for any text. */
  subject: z.string(),
  reason: z.string(),
  /** The last day on which it counts, in UTC. */
  expires: z.iso.date().optional(),
  /** Whether the base commit lacks it; absent where that is not known. */
  isNew: z.boolean().optional(),
});

/** The commit that changes are reviewed against. */
const waiverBaseSchema = z.object({
  /** `HEAD`, or the variable by which CI names it. */
  named: z.string(),
  commit: z.string().optional(),
  /** Why what it has could not be read. */
  problem: z.string().optional(),
});

export const waiversMembers = {
  /** The configuration file that has them. */
  path: z.string(),
  waivers: z.array(waiverSchema),
  /** What it was compared with; absent for a file of no repository. */
  base: waiverBaseSchema.optional(),
};

export type Waiver = z.infer<typeof waiverSchema>;
export type WaiverBase = z.infer<typeof waiverBaseSchema>;

/** A waiver, and where it stands. */
export interface PlacedWaiver extends Waiver {
  readonly path: string;
  readonly base?: WaiverBase;
}

/** A waiver of a run, and what it did. */
export interface WaiverSummary extends PlacedWaiver {
  /** How many findings it accepts. */
  readonly findings: number;
}
