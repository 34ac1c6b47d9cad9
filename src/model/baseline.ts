import { z } from 'zod';
import { sha256Schema } from './exchange.ts';

/** An artifact by what it is called and by its bytes. */
const baselineArtifactSchema = z.object({
  /** Its package URL; where it has none, its URL without a query. */
  subject: z.string(),
  /** Of a subject that is had in several forms, such as the archives of a commit. */
  file: z.string().optional(),
  /** `ALGORITHM:VALUE`; null where nothing was computed. */
  digest: z.string().nullable(),
});

export const baselineMembers = {
  /** Relative to the working directory. */
  path: z.string(),
  digest: sha256Schema,
  hosts: z.array(z.string()),
  artifacts: z.array(baselineArtifactSchema),
};

export type BaselineArtifact = z.infer<typeof baselineArtifactSchema>;

/** What a run may reach and fetch without being remarkable. */
export interface Baseline {
  /** Sorted. */
  readonly hosts: readonly string[];
  /** Sorted by subject, file and digest. */
  readonly artifacts: readonly BaselineArtifact[];
}
