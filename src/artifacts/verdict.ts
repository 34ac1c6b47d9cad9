import type { Digests, ExpectedDigest, Verdict } from '../model/artifact.ts';
import type { LockedDigest, LockStatement } from './expectations.ts';
import type { Published } from './recogniser.ts';

/** The digests of the bytes, as they are meant first, as they crossed the wire second. */
export type Forms = readonly Digests[];

export interface Statements {
  readonly locked: LockStatement;
  readonly published: readonly Published[];
}

/** Every comparable statement with its result, and what they come to. */
export function judge(
  forms: Forms,
  { locked, published }: Statements,
): { expected: ExpectedDigest[]; verdict: Verdict } {
  const fromLocks = locked.digests.flatMap((entry) => compareAny(forms, entry));
  const fromTraffic = published.map((statement): ExpectedDigest => {
    const { source, from, listedIn, algorithm, value, comparable } = statement;
    const result = compare(forms, { algorithm, value, comparable });
    return { source, from, ...(listedIn === undefined ? {} : { listedIn }), algorithm, value, result };
  });
  const expected = [...fromLocks, ...fromTraffic];
  return { expected, verdict: sumUp(expected, locked) };
}

/** One digest of the list is enough; where none is right, each is told. */
function compareAny(forms: Forms, entry: readonly LockedDigest[]): ExpectedDigest[] {
  const compared = entry.map(({ path, line, algorithm, value, comparable }): ExpectedDigest => {
    const result = compare(forms, { algorithm, value, comparable });
    return { source: 'lockfile', from: path, line, algorithm, value, result };
  });
  const matches = compared.filter(({ result }) => result === 'match');
  return matches.length > 0 ? matches : compared;
}

function compare(
  forms: Forms,
  {
    algorithm,
    value,
    comparable = true,
  }: { algorithm: ExpectedDigest['algorithm']; value: string; comparable?: boolean | undefined },
): ExpectedDigest['result'] {
  const known = forms.map((digests) => digests[algorithm]).filter((digest) => digest !== undefined);
  if (!comparable || known.length === 0) return 'not-comparable';
  return known.includes(value) ? 'match' : 'mismatch';
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
