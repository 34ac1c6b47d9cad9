import type { DigestAlgorithm, ExpectedDigest, Verdict } from '../model/artifact.ts';
import { incomparables, type Incomparable } from '../model/incomparable.ts';
import type { LockedDigest, LockStatement } from './expectations.ts';
import type { Forms } from './forms.ts';
import type { Published } from './recogniser.ts';

export interface Statements {
  readonly locked: LockStatement;
  readonly published: readonly Published[];
}

export interface Judgement {
  readonly expected: ExpectedDigest[];
  readonly verdict: Verdict;
  /** Of `not-comparable`. */
  readonly reason?: Incomparable;
}

/** Every comparable statement with its result, and what they come to. */
export function judge(forms: Forms, { locked, published }: Statements): Judgement {
  const fromLocks = locked.digests.flatMap((entry) => compareAny(forms, entry));
  const fromTraffic = published.map((statement): ExpectedDigest => {
    const { source, from, listedIn, algorithm, value } = statement;
    const listed = listedIn === undefined ? {} : { listedIn };
    return { source, from, ...listed, algorithm, value, ...compare(forms, statement) };
  });
  const expected = [...fromLocks, ...fromTraffic];
  const verdict = sumUp(expected, locked);
  return { expected, verdict, ...(verdict === 'not-comparable' ? { reason: worstReason(expected) } : {}) };
}

/** One digest of the list is enough; where none is right, each is told. */
function compareAny(forms: Forms, entry: readonly LockedDigest[]): ExpectedDigest[] {
  const compared = entry.map((locked): ExpectedDigest => {
    const { path, line, algorithm, value } = locked;
    return { source: 'lockfile', from: path, line, algorithm, value, ...compare(forms, locked) };
  });
  const matches = compared.filter(({ result }) => result === 'match');
  if (matches.length > 0) return matches;
  const possible = compared.filter(({ reason }) => reason === 'stored-form');
  return possible.length > 0 ? possible : compared;
}

interface Comparable {
  readonly algorithm: DigestAlgorithm;
  readonly value: string;
  readonly comparable?: boolean | undefined;
}

/** Whatever of its forms the client has stored, it must come to the same. */
function compare(
  { candidates, obstacle }: Forms,
  { algorithm, value, comparable = true }: Comparable,
): Pick<ExpectedDigest, 'result' | 'reason'> {
  const cannot = (reason: Incomparable) => ({ result: 'not-comparable', reason }) as const;
  if (!comparable) return cannot('other-bytes');
  if (obstacle !== undefined) return cannot(obstacle);
  const known = candidates.map((digests) => digests[algorithm]);
  const matching = known.filter((digest) => digest === value).length;
  if (matching === known.length) return { result: 'match' };
  if (matching > 0) return cannot('stored-form');
  if (known.includes(undefined)) return cannot(algorithm === 'h1' ? 'unread' : 'not-computed');
  return { result: 'mismatch' };
}

function sumUp(expected: readonly ExpectedDigest[], locked: LockStatement): Verdict {
  const has = (result: ExpectedDigest['result'], isLock: boolean): boolean =>
    expected.some((one) => one.result === result && (one.source === 'lockfile') === isLock);
  if (has('mismatch', true)) return 'mismatch';
  // The lockfile is the user's own word: what a mirror says against it is told, and changes nothing.
  if (has('match', true)) return 'locked';
  if (has('mismatch', false)) return 'mismatch';
  if (locked.isCovered && !locked.isNamed) return 'unlocked';
  if (has('match', false)) return 'published';
  return expected.length > 0 || locked.isNamed ? 'not-comparable' : 'unchecked';
}

function worstReason(expected: readonly ExpectedDigest[]): Incomparable {
  return incomparables.find((reason) => expected.some((one) => one.reason === reason)) ?? 'no-digest';
}
