import { createHash } from 'node:crypto';
import type { RunHeader } from '../../src/model/run.ts';
import { streamJson } from '../text/stream-json.ts';
import { STATEMENT } from './identifiers.ts';
import type { Resource } from './resource.ts';

/**
 * A statement of in-toto, unsigned: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md. What it is
 * about must have a digest. Where nothing else has one it is about the predicate, as it is printed alone.
 * @param predicate makes it anew each time.
 */
export function* printStatement(
  predicateType: string,
  subject: readonly Resource[],
  predicate: () => object,
): Generator<string> {
  const about = subject.length > 0 ? subject : [digestOf(predicate())];
  yield* streamJson({ _type: STATEMENT, subject: about, predicateType, predicate: predicate() });
}

/** Each once; of journals that were changed, none: what they say may be untrue. */
export function subjectsOf(
  runs: readonly RunHeader[],
  ...kinds: readonly ((run: RunHeader) => Resource | null)[]
): Resource[] {
  const trusted = runs.filter(({ integrity }) => integrity.verdict !== 'tampered');
  const found = kinds.flatMap((kind) => trusted.map(kind)).filter((resource) => resource !== null);
  return [...new Map(found.map((resource) => [JSON.stringify(resource), resource])).values()];
}

function digestOf(predicate: object): Resource {
  const hash = createHash('sha256');
  for (const piece of streamJson(predicate)) hash.update(piece);
  return { name: 'predicate', digest: { sha256: hash.digest('hex') } };
}
