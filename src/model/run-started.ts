import { z } from 'zod';
import { sha256Schema } from './exchange.ts';

/** What is checked out where the command runs. */
const gitCheckoutSchema = z.object({
  commit: z.string(),
  ref: z.string().optional(),
  /** A URL without userinfo; absent where the repository names none. */
  remote: z.string().optional(),
  /** The working directory below the repository's root, with slashes; empty for the root. */
  prefix: z.string().optional(),
  /** A file of the repository, from its root, that stands for it where a report must name one. */
  anchor: z.string().optional(),
});

/** What `run-started` has beside what every line has: who, what, where, and under which options. */
export const runStartedMembers = {
  runId: z.string(),
  tool: z.object({ name: z.literal('proxaudit'), version: z.string() }),
  command: z.array(z.string()),
  cwd: z.string(),
  capture: z.enum(['env', 'netns', 'notify', 'gateway']),
  host: z.object({ platform: z.string(), release: z.string(), arch: z.string(), node: z.string() }),
  /** Connections within this machine are audited too. */
  includesLocal: z.literal(true).optional(),
  /** SHA-256 of the options in force, as canonical JSON. */
  configDigest: sha256Schema,
  git: gitCheckoutSchema.optional(),
};

export type GitCheckout = z.infer<typeof gitCheckoutSchema>;
