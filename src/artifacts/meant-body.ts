import type { Digests, ExpectedDigest } from '../model/artifact.ts';
import type { ObservedBody } from '../model/observer.ts';

/** A body in the form that its URL stands for. */
export interface MeantBody {
  readonly digests: Digests;
  readonly size: number;
  /** As it crossed the wire, where that was another form. */
  readonly encoded?: { readonly digests: Digests; readonly size: number };
}

/**
 * The decoded form, unless all that is right speaks of the other: servers call a file encoded that is compressed in
 * itself, and clients keep it so.
 */
export function meantBody(body: ObservedBody, expected: readonly ExpectedDigest[]): MeantBody {
  const { decoded, digests, size } = body;
  if (decoded === undefined) return { digests, size };
  const right = expected.filter(({ result }) => result === 'match');
  const isWhole = right.some(({ algorithm, value }) => digests[algorithm] === value);
  const isDecoded = right.some(({ algorithm, value }) => digests[algorithm] !== value);
  return isWhole && !isDecoded ? { digests, size } : { ...decoded, encoded: { digests, size } };
}
