import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import { ArtifactSession, BatchedObserver, recognisers } from '../../src/artifacts/index.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Fact } from '../../src/model/events.ts';
import type { ExchangeObserver, HashAlgorithm } from '../../src/model/observer.ts';
import { examineHere } from './examine-here.ts';

/** One exchange, as its bytes would pass; only what matters to a test is named. */
export interface Fed {
  readonly url: string;
  readonly method?: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly requestBody?: Buffer | string;
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** After content decoding. */
  readonly body?: Buffer | string;
  /** As it crossed the wire, where that was encoded. */
  readonly encoded?: Buffer;
  /** Default true. */
  readonly complete?: boolean;
}

/**
 * Feeds exchanges to a session of all recognisers, one after the other and in batches, which must make no difference,
 * and answers with the artifacts stated, the last word of each.
 */
export async function recogniseAll(
  exchanges: readonly Fed[],
  lockfiles: readonly LoadedLockfile[] = [],
  redactUrl = (url: string): string => url.replace(/\?.*/, ''),
): Promise<Artifact[]> {
  const recognise = (isBatched: boolean): Promise<Artifact[]> =>
    recogniseInOneWay(exchanges, { lockfiles, redactUrl, isBatched });
  const artifacts = await recognise(false);
  expect(await recognise(true), 'in batches').toEqual(artifacts);
  return artifacts;
}

interface Way {
  readonly lockfiles: readonly LoadedLockfile[];
  readonly redactUrl: (url: string) => string;
  readonly isBatched: boolean;
}

/** All that a session states of exchanges. */
export async function recordAll(exchanges: readonly Fed[]): Promise<Fact[]> {
  const facts: Fact[] = [];
  const way = { lockfiles: [], redactUrl: (url: string) => url, isBatched: false };
  await recordInOneWay(exchanges, way, (fact) => facts.push(structuredClone(fact)));
  return facts;
}

async function recogniseInOneWay(exchanges: readonly Fed[], way: Way): Promise<Artifact[]> {
  const told = new Map<string, Artifact>();
  await recordInOneWay(exchanges, way, (fact) => {
    if (fact.type === 'artifact-recognised') told.set(fact.artifact.id, structuredClone(fact.artifact));
  });
  return [...told.values()];
}

async function recordInOneWay(
  exchanges: readonly Fed[],
  { lockfiles, redactUrl, isBatched }: Way,
  record: (fact: Fact) => void,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'proxaudit-artifacts-'));
  const session = new ArtifactSession({
    record,
    redactUrl,
    lockfiles,
    directory,
    recognisers,
    examiner: examineHere(),
    patienceMs: 60_000,
  });
  const observer = isBatched ? new BatchedObserver(session, (work) => work()) : session;
  for (const [index, exchange] of exchanges.entries()) feed(observer, exchange, `x${index + 1}`);
  await observer.settled();
  rmSync(directory, { recursive: true });
}

function feed(observer: ExchangeObserver, exchange: Fed, exchangeId: string): void {
  const { url, method = 'GET', status = 200, complete = true } = exchange;
  const body = Buffer.from(exchange.body ?? '');
  const observation = observer.observe({ exchangeId, method, url, headers: flat(exchange.requestHeaders) });
  inPieces(Buffer.from(exchange.requestBody ?? ''), (chunk) => observation?.requestBody?.sink?.(chunk));
  const wish = observation?.response({ status, headers: flat(exchange.headers) });
  inPieces(body, (chunk) => wish?.sink?.(chunk));
  if (exchange.encoded !== undefined) inPieces(exchange.encoded, (chunk) => wish?.encodedSink?.(chunk));
  const meant = { size: body.length, digests: digestsOf(body, wish?.digests) };
  const wire =
    exchange.encoded === undefined
      ? undefined
      : { size: exchange.encoded.length, digests: digestsOf(exchange.encoded, wish?.digests) };
  observation?.ended({
    response: { complete, ...(wire ?? meant), ...(wire === undefined ? {} : { decoded: meant }) },
    process: undefined,
  });
}

const flat = (headers: Readonly<Record<string, string>> = {}): string[] => Object.entries(headers).flat();

function inPieces(body: Buffer, sink: (chunk: Buffer) => void): void {
  for (let at = 0; at < body.length; at += 1000) sink(body.subarray(at, at + 1000));
}

function digestsOf(body: Buffer, more: readonly HashAlgorithm[] = []) {
  const algorithms = ['sha256', ...more] as const;
  return Object.fromEntries(algorithms.map((name) => [name, createHash(name).update(body).digest('hex')]));
}
