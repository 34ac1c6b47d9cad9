import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Process, Undecoded } from '../../src/model/exchange.ts';
import { createHashes, updateHashes } from '../../src/support/body-hash.ts';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import { ArtifactSession, recognisers } from '../../src/artifacts/index.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Fact, FactOf } from '../../src/model/events.ts';
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
  readonly complete?: boolean | 'unknown';
  /** What answered was not read. */
  readonly isUnparsed?: true;
  /** Why `encoded` could not be decoded: `body` is then what was decoded until that was known. */
  readonly undecoded?: Undecoded;
  /** What passes before it ends, when all of its body has. */
  readonly meanwhile?: readonly Fed[];
  /** Who asked; one object for each process. */
  readonly process?: Process;
}

/**
 * Feeds exchanges to a session of all recognisers, one after the other, and answers with the artifacts stated, the last
 * word of each.
 */
export async function recogniseAll(
  exchanges: readonly Fed[],
  lockfiles: readonly LoadedLockfile[] = [],
  redactUrl = (url: string): string => url.replace(/\?.*/, ''),
): Promise<Artifact[]> {
  return (await observeAll(exchanges, lockfiles, redactUrl)).artifacts;
}

export interface Stated {
  readonly artifacts: Artifact[];
  readonly blindSpots: FactOf<'blind-spot'>[];
}

/** The same, with what is said not to have been seen. */
export async function observeAll(
  exchanges: readonly Fed[],
  lockfiles: readonly LoadedLockfile[] = [],
  redactUrl = (url: string): string => url.replace(/\?.*/, ''),
): Promise<Stated> {
  const blindSpots: FactOf<'blind-spot'>[] = [];
  const stated = new Map<string, Artifact>();
  await observeExchanges(exchanges, { lockfiles, redactUrl }, (fact) => {
    if (fact.type === 'artifact-recognised') stated.set(fact.artifact.id, structuredClone(fact.artifact));
    if (fact.type === 'blind-spot') blindSpots.push(fact);
  });
  return { artifacts: [...stated.values()], blindSpots };
}

interface ObservedSession {
  readonly lockfiles: readonly LoadedLockfile[];
  readonly redactUrl: (url: string) => string;
}

/** All that a session states of exchanges. */
export async function recordAll(exchanges: readonly Fed[]): Promise<Fact[]> {
  const facts: Fact[] = [];
  const session = { lockfiles: [], redactUrl: (url: string) => url };
  await observeExchanges(exchanges, session, (fact) => facts.push(structuredClone(fact)));
  return facts;
}

async function observeExchanges(
  exchanges: readonly Fed[],
  { lockfiles, redactUrl }: ObservedSession,
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
  // One that has others within it ends after them.
  let count = 0;
  const feedOne = (exchange: Fed): void => {
    count += 1;
    feed(session, exchange, `x${count}`, () => exchange.meanwhile?.forEach(feedOne));
  };
  exchanges.forEach(feedOne);
  await session.settled();
  rmSync(directory, { recursive: true });
}

function feed(observer: ExchangeObserver, exchange: Fed, exchangeId: string, meanwhile: () => void): void {
  const { url, method = 'GET', status = 200, complete = true } = exchange;
  const body = Buffer.from(exchange.body ?? '');
  const observation = observer.observe({ exchangeId, method, url, headers: flat(exchange.requestHeaders) });
  inPieces(Buffer.from(exchange.requestBody ?? ''), (chunk) => observation?.requestBody?.sink?.(chunk));
  const wish = observation?.response({ status, headers: flat(exchange.headers) });
  inPieces(body, (chunk) => wish?.sink?.(chunk));
  if (exchange.encoded !== undefined) inPieces(exchange.encoded, (chunk) => wish?.encodedSink?.(chunk));
  meanwhile();
  const meant = { size: body.length, digests: digestsOf(body, wish?.digests) };
  const wire =
    exchange.encoded === undefined
      ? undefined
      : { size: exchange.encoded.length, digests: digestsOf(exchange.encoded, wish?.digests) };
  const { undecoded } = exchange;
  const came = exchange.encoded ?? body;
  const decoded = undecoded === undefined ? { decoded: meant } : { undecoded };
  const whole = { complete, ...(wire ?? meant), ...(wire === undefined ? {} : decoded) };
  const cut = { complete, size: came.length, digests: {}, unfinished: hashesOf(came, wish?.digests) };
  const { isUnparsed, process } = exchange;
  observation?.ended({
    response: complete === false ? cut : whole,
    process,
    ...(isUnparsed && { response: undefined, isUnparsed }),
  });
}

/** Headers of a request by a client that undoes every coding of what it stores. */
export const decoding = { 'user-agent': 'curl/7.88.1', 'accept-encoding': 'deflate, gzip, br, zstd' };

const flat = (headers: Readonly<Record<string, string>> = {}): string[] => Object.entries(headers).flat();

function inPieces(body: Buffer, sink: (chunk: Buffer) => void): void {
  for (let at = 0; at < body.length; at += 1000) sink(body.subarray(at, at + 1000));
}

function digestsOf(body: Buffer, more: readonly HashAlgorithm[] = []) {
  const algorithms = ['sha256', ...more] as const;
  return Object.fromEntries(algorithms.map((name) => [name, createHash(name).update(body).digest('hex')]));
}

function hashesOf(body: Buffer, more: readonly HashAlgorithm[] = []) {
  const algorithms = ['sha256', ...more] as const;
  const hashes = createHashes(algorithms);
  updateHashes(hashes, body);
  return hashes;
}
