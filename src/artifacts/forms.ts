import type { Digests, ExpectedDigest } from '../model/artifact.ts';
import type { Incomparable } from '../model/incomparable.ts';
import type { ObservedBody } from '../model/observer.ts';
import type { StoredForm } from './clients.ts';

/** A body, and what is known of the form in which its client stores it. */
export interface StoredBody {
  readonly body: ObservedBody;
  /** Why it was not seen as a whole. */
  readonly missed?: Extract<Incomparable, 'in-parts' | 'unparsed'>;
  /** Undefined where it has no coding. */
  readonly form: StoredForm | undefined;
  /** Digests of what is inside, and inside which form. */
  readonly inside?: Digests | undefined;
  readonly insideOf?: 'wire' | 'decoded' | undefined;
}

/** What the client can have stored. */
export interface Forms {
  /** One of these, as far as they are known; empty where the one that it stores is not. */
  readonly candidates: readonly Digests[];
  /** Why it may be another. */
  readonly obstacle?: Incomparable;
}

export function formsOf({ body, form, missed, inside, insideOf = 'wire' }: StoredBody): Forms {
  if (missed !== undefined) return { candidates: [], obstacle: missed };
  const wire = { ...body.digests, ...(insideOf === 'wire' ? inside : {}) };
  const decoded = body.decoded && { ...body.decoded.digests, ...(insideOf === 'decoded' ? inside : {}) };
  if (form === undefined || form === 'wire') return { candidates: [wire] };
  const obstacle = decoded === undefined ? { obstacle: 'not-decoded' as const } : {};
  if (form === 'decoded') return { candidates: decoded === undefined ? [] : [decoded], ...obstacle };
  return { candidates: decoded === undefined ? [wire] : [decoded, wire], ...obstacle };
}

/** What of a body is told of an artifact. */
export interface ShownBody {
  readonly digests: Digests;
  readonly size: number;
  /** As it crossed the wire, where that is another form. */
  readonly encoded?: { readonly digests: Digests; readonly size: number };
}

/**
 * The form that the client stores. Where that is not known the decoded one, unless all that agrees speaks of the other:
 * servers call a file encoded that is compressed in itself.
 */
export function showBody({ body, form }: StoredBody, expected: readonly ExpectedDigest[]): ShownBody {
  const { decoded, digests, size } = body;
  if (decoded === undefined || form === undefined || form === 'wire') return { digests, size };
  const agrees = (known: Digests): boolean =>
    expected.some(({ algorithm, value }) => known[algorithm] === value);
  const isWire = form === 'unknown' && agrees(digests) && !agrees(decoded.digests);
  return isWire ? { digests, size } : { ...decoded, encoded: { digests, size } };
}
