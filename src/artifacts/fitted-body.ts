import { tryReadStart } from '../support/read-bounded.ts';
import { isNotExamined, type NotExamined } from './examine/not-examined.ts';
import type { Opening, TakenBody } from './recogniser.ts';

type Wanted = Pick<Opening, 'keep' | 'limit'>;

/** A body in the form in which it is to be opened, of what was kept for the opening that was expected; else let go of. */
export function fitBody(
  body: TakenBody | NotExamined | undefined,
  kept: Wanted | undefined,
  wanted: Wanted | undefined,
): TakenBody | NotExamined | undefined {
  if (body === undefined || isNotExamined(body) || kept === undefined) return body;
  const fitting = wanted && fit(body, kept, wanted);
  if (fitting === undefined) body.release();
  return fitting;
}

function fit(body: TakenBody, kept: Wanted, wanted: Wanted): TakenBody | undefined {
  if (wanted.keep !== 'head') return wanted.keep === kept.keep ? body : undefined;
  const { limit } = wanted;
  const bytes = body.file === undefined ? body.bytes : tryReadStart(body.file, limit);
  const isEnough = kept.keep !== 'head' || kept.limit >= limit || body.bytes.length < kept.limit;
  return bytes === undefined || !isEnough ? undefined : { ...body, bytes: bytes.subarray(0, limit) };
}
