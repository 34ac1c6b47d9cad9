import { compareReadings, type NamedReading, type Verdict } from './compare.ts';
import { cutIntoSegments, generateCase } from './generate.ts';
import { Random } from './random.ts';
import { findKnownDifference } from './known-differences.ts';
import { readWithLlhttp } from './read-with-llhttp.ts';
import { readWithOurs } from './read-with-ours.ts';
import type { Peer } from './peer.ts';
import type { FuzzCase, FuzzReading } from './reading.ts';

export interface FuzzFigures {
  cases: number;
  messages: number;
  /** Messages that we do not parse, though those that accept them agree, by our reason. */
  readonly stricter: Map<string, number>;
  opaque: number;
  /** Differences of a reader that are known, by reader and reason. */
  readonly known: Map<string, number>;
  /** What must not be, as text. */
  readonly failures: string[];
}

const BATCH = 200;
const MAX_FAILURES = 10;

/** Generates and compares until told to stop, a batch at a time. */
export async function fuzz(
  seed: number,
  peers: readonly Peer[],
  goesOn: (figures: FuzzFigures) => boolean,
): Promise<FuzzFigures> {
  const random = new Random(seed);
  const figures: FuzzFigures = {
    cases: 0,
    messages: 0,
    stricter: new Map(),
    opaque: 0,
    known: new Map(),
    failures: [],
  };
  while (figures.failures.length < MAX_FAILURES && goesOn(figures)) {
    const cases = Array.from({ length: BATCH }, () => generateCase(random));
    const byPeers = await Promise.all(peers.map((peer) => readWithPeer(peer, cases)));
    for (const [index, fuzzCase] of cases.entries()) {
      const others = byPeers.flatMap((readings) => readings[index] ?? []);
      others.push({ reader: 'llhttp', ...readWithLlhttp(fuzzCase) });
      judgeCase(random, { fuzzCase, others }, figures);
    }
  }
  return figures;
}

async function readWithPeer(peer: Peer, cases: readonly FuzzCase[]): Promise<(NamedReading | undefined)[]> {
  // http.client reads responses alone.
  const readable = peer.name === 'http.client' ? cases.filter(({ kind }) => kind === 'response') : cases;
  const readings = await peer.read(readable);
  const byCase = new Map(readable.map((fuzzCase, index) => [fuzzCase, readings[index]]));
  return cases.map((fuzzCase) => {
    const reading = byCase.get(fuzzCase);
    return reading === undefined ? undefined : { reader: peer.name, ...reading };
  });
}

function judgeCase(
  random: Random,
  { fuzzCase, others }: { fuzzCase: FuzzCase; others: readonly NamedReading[] },
  figures: FuzzFigures,
): void {
  const { bytes } = fuzzCase;
  const { pieces, ...whole } = readWithOurs(fuzzCase, [bytes]);
  const segments = cutIntoSegments(random, bytes);
  const { pieces: cutPieces, ...cut } = readWithOurs(fuzzCase, segments);
  figures.cases++;
  figures.messages += whole.messages.length;
  if (!pieces.equals(bytes) || !cutPieces.equals(bytes))
    fail(figures, fuzzCase, 'the pieces are not the bytes');
  if (JSON.stringify(whole) !== JSON.stringify(cut)) {
    fail(
      figures,
      fuzzCase,
      `segments change the reading: ${JSON.stringify([whole, cut, segments.map(String)])}`,
    );
  }
  const heard: NamedReading[] = [];
  for (const other of others) {
    const known = findKnownDifference(fuzzCase, whole, other);
    if (known === undefined) heard.push(other);
    else count(figures.known, `${other.reader}: ${known}`);
  }
  note(figures, { fuzzCase, ours: whole, heard }, compareReadings(whole, heard));
}

function note(
  figures: FuzzFigures,
  { fuzzCase, ours, heard }: { fuzzCase: FuzzCase; ours: FuzzReading; heard: readonly NamedReading[] },
  verdict: Verdict,
): void {
  if (verdict.kind === 'opaque') figures.opaque++;
  if (verdict.kind === 'stricter') count(figures.stricter, verdict.reason);
  if (verdict.kind === 'differs') {
    const theirs = heard.find(({ reader }) => reader === verdict.reader);
    fail(figures, fuzzCase, `message ${verdict.index} differs: ${JSON.stringify({ ours, theirs })}`);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function fail(figures: FuzzFigures, { kind, methods, bytes }: FuzzCase, text: string): void {
  figures.failures.push(`${text}\n  ${kind} ${methods.join()} ${JSON.stringify(bytes.toString('latin1'))}`);
}
