import { z } from 'zod';
import { artifactSchema, lockedEntrySchema } from './artifact.ts';
import { baselineMembers } from './baseline.ts';
import { completenessSchema, countsSchema, exitSchema } from './outcome.ts';
import { blindSpotMembers } from './blind-spot.ts';
import { runStartedMembers } from './run-started.ts';
import {
  decisionSchema,
  destinationSchema,
  exchangeErrorSchema,
  namesSchema,
  processSchema,
  requestBodySchema,
  requestHeadSchema,
  requestSchema,
  responseSchema,
  sha256Schema,
  timingsSchema,
  unparsedSchema,
  upgradeSchema,
} from './exchange.ts';
import { waiversMembers } from './waiver.ts';

/** Members of every line: `prev` is the SHA-256 of the previous line without its newline, 64 zeros on the first. */
const envelope = {
  v: z.literal(1),
  seq: z.number().int().positive(),
  at: z.iso.datetime({ precision: 3 }),
  prev: sha256Schema,
};

export const runStartedSchema = z.object({
  ...envelope,
  type: z.literal('run-started'),
  ...runStartedMembers,
});

export const connectionOpenedSchema = z.object({
  ...envelope,
  type: z.literal('connection-opened'),
  id: z.string(),
  client: z.object({ address: z.string(), port: z.number().int() }),
  /** How the client reached us: absolute-form HTTP, CONNECT or SOCKS5. */
  via: z.enum(['http', 'connect', 'socks5']),
  destination: destinationSchema,
  /** The proxy between us and the destination, as a URL without credentials; absent on the direct way. */
  upstreamProxy: z.string().optional(),
  sni: z.string().optional(),
  process: processSchema.optional(),
});

/** Bytes on the client's side of the connection: `bytesIn` towards the command, `bytesOut` from it. */
export const connectionClosedSchema = z.object({
  ...envelope,
  type: z.literal('connection-closed'),
  id: z.string(),
  bytesIn: z.number().int(),
  bytesOut: z.number().int(),
  /** The address that was dialled for a tunnel, where that was direct. */
  address: z.string().optional(),
  /** Where it was not known yet when the connection was opened. */
  process: processSchema.optional(),
  error: exchangeErrorSchema.optional(),
});

/** A connection that passed unread, or does so from here on. Its bytes are in its `connection-closed`. */
export const passedThroughSchema = z.object({
  ...envelope,
  type: z.literal('passed-through'),
  connectionId: z.string(),
  reason: z.enum([
    'passthrough-option',
    'ca-refused',
    'client-certificate-wanted',
    'not-http',
    'not-http-in-tls',
    'server-first',
    'unparsed',
  ]),
  /** Of what could not be parsed: what was odd about it. */
  detail: z.string().optional(),
  /** What the first bytes looked like: `tls`, `ssh`, … */
  protocol: z.string().optional(),
  /** Where it is not that of `connection-opened`: CONNECT came on a connection on which requests had come. */
  destination: destinationSchema.optional(),
  names: namesSchema.optional(),
});

export const tlsFailedSchema = z.object({
  ...envelope,
  type: z.literal('tls-failed'),
  connectionId: z.string(),
  /** Whose certificate was refused. A refusal may be certain only after its connection was closed. */
  host: z.string(),
  side: z.enum(['client', 'upstream']),
  cause: z.string(),
  advice: z.string(),
  process: processSchema.optional(),
});

export const exchangeStartedSchema = z.object({
  ...envelope,
  type: z.literal('exchange-started'),
  id: z.string(),
  connectionId: z.string(),
  request: requestHeadSchema,
  names: namesSchema.optional(),
});

export const exchangeCompletedSchema = z.object({
  ...envelope,
  type: z.literal('exchange-completed'),
  id: z.string(),
  connectionId: z.string(),
  request: requestSchema,
  /** Null when the client got no response head. */
  response: responseSchema.nullable(),
  /** Why no response head came from the upstream; `response` is then null or one of ours (`by: proxaudit`). */
  error: exchangeErrorSchema.nullable(),
  decision: decisionSchema,
  names: namesSchema.optional(),
  /** The address that was dialled for it; absent where a proxy was on the way, or none could be reached. */
  address: z.string().optional(),
  /** The proxy that its connection or the request itself went through; absent on the direct way. */
  upstreamProxy: z.string().optional(),
  process: processSchema.optional(),
  timings: timingsSchema,
  upgrade: upgradeSchema.optional(),
  unparsed: unparsedSchema.optional(),
  /** What was odd in its messages and yet read by everybody in one way; it was passed on as it came. */
  oddities: z.array(z.string()).optional(),
  /** Why the certificate of the upstream was not accepted, where the client went on all the same. */
  unverifiedTls: z.string().optional(),
});

/** The end of a request body that was still being sent when its response had ended. */
export const requestBodyCompletedSchema = z.object({
  ...envelope,
  type: z.literal('request-body-completed'),
  /** Of the exchange. */
  id: z.string(),
  body: requestBodySchema,
});

/** A lockfile as it was when the run began. One with many entries is told in several events. */
export const lockfileLoadedSchema = z.object({
  ...envelope,
  type: z.literal('lockfile-loaded'),
  /** Relative to the working directory. */
  path: z.string(),
  /** It holds for those processes alone that work in this directory, or are told to; without it, for all. */
  place: z.string().optional(),
  /** What names it, where that is not its name and place: `--lockfile`, `$VARIABLE`, or the requirements that include it. */
  namedBy: z.string().optional(),
  digest: sha256Schema,
  ecosystem: z.string(),
  entries: z.array(lockedEntrySchema),
});

/** What may be reached and fetched, as it was reviewed. A long one is told in several events. */
export const baselineLoadedSchema = z.object({
  ...envelope,
  type: z.literal('baseline-loaded'),
  ...baselineMembers,
});

/** Findings that are accepted: it counts what was so when the run began. */
export const waiversLoadedSchema = z.object({
  ...envelope,
  type: z.literal('waivers-loaded'),
  ...waiversMembers,
});

export const artifactRecognisedSchema = z.object({
  ...envelope,
  type: z.literal('artifact-recognised'),
  artifact: artifactSchema,
});

/** Traffic that is known to exist but was not read, and what would mend it. */
export const blindSpotSchema = z.object({
  ...envelope,
  type: z.literal('blind-spot'),
  ...blindSpotMembers,
});

/** How often the connections of the run were looked at: what lived shorter than the longest gap may have been missed. */
export const connectionsSampledSchema = z.object({
  ...envelope,
  type: z.literal('connections-sampled'),
  samples: z.number().int(),
  longestGapMs: z.number().int(),
});

/** The last line. `head` is the digest of the line before it, as `prev` is: it stands for all that was recorded. */
export const runFinishedSchema = z.object({
  ...envelope,
  type: z.literal('run-finished'),
  exit: exitSchema,
  completeness: completenessSchema,
  counts: countsSchema,
  /** How many hosts the run's traffic went to. */
  hosts: z.number().int().optional(),
  head: sha256Schema,
});

export const eventSchema = z.discriminatedUnion('type', [
  runStartedSchema,
  connectionOpenedSchema,
  connectionClosedSchema,
  passedThroughSchema,
  tlsFailedSchema,
  exchangeStartedSchema,
  exchangeCompletedSchema,
  requestBodyCompletedSchema,
  lockfileLoadedSchema,
  baselineLoadedSchema,
  waiversLoadedSchema,
  artifactRecognisedSchema,
  blindSpotSchema,
  connectionsSampledSchema,
  runFinishedSchema,
]);

/** One line of the journal. */
export type Event = z.infer<typeof eventSchema>;
export type EventType = Event['type'];
type Envelope = 'v' | 'seq' | 'at' | 'prev';
type WithoutEnvelope<E> = E extends Event ? Omit<E, Envelope> : never;
/** A fact as a station states it; the journal adds `v`, `seq`, `at` and `prev`. */
export type Fact = WithoutEnvelope<Event>;
export type FactOf<T extends EventType> = Extract<Fact, { type: T }>;
/**
 * Takes one fact into the chain of the journal before it returns. It is written before it returns, or by the end of this
 * turn of the event loop: what must not happen before waits with `AfterWritten`.
 * Throws `AuditError` code `journal-failed` once the journal cannot be written.
 */
export type RecordFact = (fact: Fact) => void;
/**
 * Runs `action` when all facts that were recorded until now are written: before it returns where they are, else at the end of
 * this turn of the event loop. In the order of the calls. Where the journal cannot be written, `onFailed` is called in
 * its place. Neither may throw.
 */
export type AfterWritten = (action: () => void, onFailed: () => void) => void;
