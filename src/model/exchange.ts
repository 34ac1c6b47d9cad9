import { z } from 'zod';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hex digits');

const ancestorSchema = z.object({
  pid: z.number().int(),
  name: z.string(),
  command: z.array(z.string()),
});

/** Who asked, where it is known. All that a process says about itself is redacted before it is stored. */
export const processSchema = ancestorSchema.extend({
  /** The file of its program. */
  executable: z.string().optional(),
  /** Its working directory, relative to the run's (`.` is that one) or absolute where it is not below. */
  cwd: z.string().optional(),
  /** Those that started it, nearest first, at most 12, up to the audited command. */
  parents: z.array(ancestorSchema).optional(),
  /** Whose package it is, as package URLs name their types: `npm`, `cargo`, `pypi`, `gem`, `deb`. */
  ecosystem: z.string().optional(),
  /** `name@version` of the package whose lifecycle script made the request. */
  package: z.string().optional(),
  /** The lifecycle script, for example `postinstall`. */
  script: z.string().optional(),
});

export const destinationSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  /** The address, where the client named one or where it was dialled by then. */
  ip: z.string().optional(),
});

/**
 * Every name by which one request, or a tunnel that passed unread, was sent: there only where they differ, so that none of
 * them can be believed alone. In one spelling: lower case, IDNA (A-labels), without final dot and port. What was dialled
 * is `connect`, where that is there, else `authority`.
 */
export const namesSchema = z.object({
  /** What CONNECT or SOCKS asked for. */
  connect: z.string().optional(),
  /** The server name of the TLS ClientHello. */
  sni: z.string().optional(),
  /** What the request is for: a target in absolute form, `:authority`, or else its (first) Host field. */
  authority: z.string().optional(),
  /** What Host fields beside that name otherwise; at most 8. */
  host: z.array(z.string()).optional(),
});

/** The answer of the egress policy. Without a policy every subject is allowed by rule `default`. */
export const decisionSchema = z.object({
  action: z.enum(['allow', 'deny']),
  rule: z.string(),
  reason: z.string(),
});

/**
 * Why a body with content codings has no `decoded`: a coding that is not known; more than three codings; the coded data ends
 * too early; it is no such data; bytes follow it (padding, further members or frames); it expands too far.
 */
export const undecodedSchema = z.enum([
  'unknown-coding',
  'too-many-codings',
  'cut-short',
  'corrupt',
  'trailing-bytes',
  'too-large',
]);

const decodedBodySchema = z.object({ size: z.number().int(), sha256: sha256Schema });

/** What was kept of a body, after content decoding and redaction. */
const bodyContentSchema = z.object({
  text: z.string(),
  /** Of `text`: what is no text is stored in base64. */
  encoding: z.enum(['utf-8', 'base64']),
  /** The body has more than was kept. */
  truncated: z.boolean(),
});

/** Sizes are bytes after transfer decoding and before content decoding; `decoded` is after content decoding. */
export const requestBodySchema = z.object({
  /** What went out, or could go out, of it. */
  size: z.number().int(),
  /**
   * False when it was cut short, or was still being sent when the response had ended: then `request-body-completed` follows
   * once it is over.
   */
  complete: z.literal(false).optional(),
  sha256: sha256Schema.optional(),
  /** With `--log-body`. */
  content: bodyContentSchema.optional(),
});

export const responseBodySchema = z.object({
  size: z.number().int(),
  /**
   * False when the body was cut short; then `error` says why, and the body is never called an artifact. `unknown` when it
   * ended with a TLS connection: nothing tells the end that the server meant from one that somebody forged.
   */
  complete: z.union([z.boolean(), z.literal('unknown')]),
  sha256: sha256Schema.optional(),
  /** Only where decoding consumed every byte of the body, each coding as exactly one coded stream. */
  decoded: decodedBodySchema.optional(),
  undecoded: undecodedSchema.optional(),
  /** With `--log-body`. */
  content: bodyContentSchema.optional(),
  error: z.string().optional(),
});

/** Only allow-listed headers are stored, names in lower case, repeated values joined by a comma and a space. */
export const headersSchema = z.record(z.string(), z.string());

export const requestHeadSchema = z.object({
  method: z.string(),
  /** What was dialled, not what SNI or a Host field claimed (see `names`); secrets in it are redacted. */
  url: z.string(),
  httpVersion: z.string(),
  headers: headersSchema,
});

export const requestSchema = requestHeadSchema.extend({ body: requestBodySchema });

export const responseSchema = z.object({
  status: z.number().int(),
  /** `proxaudit` for answers of our own (403, 502), else `upstream`. */
  by: z.enum(['upstream', 'proxaudit']),
  httpVersion: z.string(),
  headers: headersSchema,
  trailers: headersSchema.optional(),
  body: responseBodySchema,
});

/** A message whose framing accepted readers take differently: from it on the connection passed unread. */
export const unparsedSchema = z.object({
  /** What was odd, for example `content-length beside transfer-encoding`. */
  reason: z.string(),
});

export const exchangeErrorSchema = z.object({ code: z.string(), message: z.string() });

/** Milliseconds after `start` (always 0) at which each phase ended; a phase that a reused connection skipped is absent. */
export const timingsSchema = z.object({
  start: z.number(),
  dns: z.number().optional(),
  connect: z.number().optional(),
  tls: z.number().optional(),
  firstByte: z.number().optional(),
  end: z.number(),
});

/** A connection that left HTTP by 101 Switching Protocols; bytes are those after the switch. */
export const upgradeSchema = z.object({
  protocol: z.string(),
  bytesIn: z.number().int(),
  bytesOut: z.number().int(),
});

export type Names = z.infer<typeof namesSchema>;
export type Unparsed = z.infer<typeof unparsedSchema>;
export type Undecoded = z.infer<typeof undecodedSchema>;
export type Process = z.infer<typeof processSchema>;
export type Ancestor = z.infer<typeof ancestorSchema>;
export type Headers = z.infer<typeof headersSchema>;
export type RequestHead = z.infer<typeof requestHeadSchema>;
export type BodyContent = z.infer<typeof bodyContentSchema>;
export type RequestBody = z.infer<typeof requestBodySchema>;
export type ResponseBody = z.infer<typeof responseBodySchema>;
export type ResponseFacts = z.infer<typeof responseSchema>;
export type ExchangeError = z.infer<typeof exchangeErrorSchema>;
export type Timings = z.infer<typeof timingsSchema>;
export type Upgrade = z.infer<typeof upgradeSchema>;
