import { z } from 'zod';
import { processSchema } from './exchange.ts';
import { incomparables } from './incomparable.ts';

/** `h1` is Go's digest of a module's files; `gitCommit` names a commit. All values are lower-case hex, `h1` is base64. */
export const digestAlgorithmSchema = z.enum(['sha256', 'sha384', 'sha512', 'sha1', 'md5', 'h1', 'gitCommit']);

export const digestsSchema = z.partialRecord(digestAlgorithmSchema, z.string());

/** A statement about an artifact's bytes, and whether they agree with it. */
export const expectedDigestSchema = z.object({
  /** Strongest first: the user's lockfile; what the run's own traffic published; what the URL or the response says. */
  source: z.enum(['lockfile', 'index', 'sidecar', 'url-digest', 'header']),
  /** The lockfile's path, or the redacted URL that stated it. */
  from: z.string(),
  /**
   * Redacted URL of a list, made to be signed, that states the digest of `from`, which had it: for example Debian's
   * InRelease of the Packages file. Its signature was not checked.
   */
  listedIn: z.string().optional(),
  /** Line in the lockfile, from 1. */
  line: z.number().int().optional(),
  algorithm: digestAlgorithmSchema,
  value: z.string(),
  result: z.enum(['match', 'mismatch', 'not-comparable']),
  /** Why it is `not-comparable`. */
  reason: z.enum(incomparables).optional(),
});

/** Sums up `expected`, in this order of precedence (DESIGN section 4). */
export const verdictSchema = z.enum([
  'mismatch',
  'locked',
  'unlocked',
  'published',
  'not-comparable',
  'unchecked',
]);

/** A ref of a git repository as it was fetched, or as a push set it. */
const gitRefSchema = z.object({
  name: z.string(),
  /** The id that it holds: of a commit, or of an annotated tag. */
  object: z.string(),
  /** What it held before the push; absent for a new ref. */
  before: z.string().optional(),
});

/** What a fetch or a push of git says beyond the commit. */
const gitSchema = z.object({
  /** The refs that stand for the commit first, then the others of the same fetch; at most 200. */
  refs: z.array(gitRefSchema),
  /** Of a shallow fetch: how many commits deep. */
  depth: z.number().int().optional(),
  /** Of a partial fetch: what was left out, as `blob:none`. */
  filter: z.string().optional(),
});

export const artifactSchema = z.object({
  /** The same id again replaces what was said before, for example when a sidecar came after the file. */
  id: z.string(),
  class: z.enum(['package', 'archive', 'image', 'blob', 'commit', 'binary', 'script', 'file']),
  /** `npm`, `pypi`, `cargo`, `golang`, `maven`, `deb`, `oci`, `git`, `lfs`, `forge` or `generic`. */
  ecosystem: z.string(),
  /** Null where no name is certain enough for one. */
  purl: z.string().nullable(),
  name: z.string(),
  version: z.string().nullable(),
  fileName: z.string().nullable(),
  /** Redacted, from the URL that was asked for to the one that answered. */
  urls: z.array(z.string()),
  /** `sent`: pushed or published by the command. */
  direction: z.enum(['fetched', 'sent']),
  /**
   * Of the form of the body that its client stores: as it crossed the wire, or after content decoding; where that is not
   * known after decoding, unless all that agrees speaks of the other. None where the bytes were not seen as a whole.
   */
  digests: digestsSchema,
  size: z.number().int(),
  /** `unknown`: its body ended with a TLS connection, which anybody on the way can end. Absent: it came whole. */
  complete: z.literal('unknown').optional(),
  /** Of the bytes as they crossed the wire, where `digests` is of the decoded ones. */
  encoded: z.object({ digests: digestsSchema, size: z.number().int() }).optional(),
  /** The commit that an archive or a ref stands for. */
  commit: z.string().optional(),
  git: gitSchema.optional(),
  /** How the name was found: an index of this run named the URL; the bytes say so; its path; a guess. */
  identifiedBy: z.enum(['index', 'embedded', 'path', 'guess']),
  expected: z.array(expectedDigestSchema),
  verdict: verdictSchema,
  /** Why it is `not-comparable`: the reason that matters most. */
  reason: z.enum(incomparables).optional(),
  /** Why nothing inside the body was looked at, where that would have told more: a limit was reached. */
  notExamined: z.string().optional(),
  exchangeIds: z.array(z.string()),
  process: processSchema.optional(),
});

/** One locked thing of a lockfile: a package's version, with the digests of which one must be its file's. */
export const lockedEntrySchema = z.object({
  name: z.string(),
  /** Null where the lockfile names a URL only. */
  version: z.string().nullable(),
  /** Any of them may match; none means that the lockfile names it without a digest. */
  expected: z.array(
    z.object({
      algorithm: digestAlgorithmSchema,
      value: z.string(),
      /** Where a digest belongs to one file of several. */
      fileName: z.string().optional(),
      /** False where it is of other bytes than those that cross the wire. Default true. */
      comparable: z.boolean().optional(),
    }),
  ),
  url: z.string().optional(),
  /** From 1. */
  line: z.number().int(),
});

export type DigestAlgorithm = z.infer<typeof digestAlgorithmSchema>;
export type Digests = z.infer<typeof digestsSchema>;
export type ExpectedDigest = z.infer<typeof expectedDigestSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type Artifact = z.infer<typeof artifactSchema>;
export type LockedEntry = z.infer<typeof lockedEntrySchema>;
