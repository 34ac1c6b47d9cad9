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
});

export const waiversMembers = {
  /** The configuration file that has them. */
  path: z.string(),
  waivers: z.array(waiverSchema),
};

export type Waiver = z.infer<typeof waiverSchema>;
