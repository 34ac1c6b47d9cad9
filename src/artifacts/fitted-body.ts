import { tryReadStart } from '../support/read-bounded.ts';
import type { Opening, TakenBody } from './recogniser.ts';

/** What was kept for one opening, as another one wants it; undefined where not enough of it was kept. */
export function fitBody(
  body: TakenBody,
  kept: Pick<Opening, 'keep' | 'limit'>,
  wanted: Pick<Opening, 'keep' | 'limit'>,
): TakenBody | undefined {
  if (wanted.keep !== 'head') return wanted.keep === kept.keep ? body : undefined;
  const { limit } = wanted;
  const bytes = body.file === undefined ? body.bytes : tryReadStart(body.file, limit);
  const isEnough = kept.keep !== 'head' || kept.limit >= limit || body.bytes.length < kept.limit;
  return bytes === undefined || !isEnough ? undefined : { ...body, bytes: bytes.subarray(0, limit) };
}
