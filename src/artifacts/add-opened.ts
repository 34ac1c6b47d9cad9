import { isNotExamined } from './examine/not-examined.ts';
import type { Identity, Opening, Refinement, ReportNotExamined, TakenBody } from './recogniser.ts';
import type { Register, Sighting } from './register.ts';

interface Opened {
  readonly identity: Identity;
  readonly sight: () => Sighting;
  readonly register: Register;
  readonly report: ReportNotExamined;
}

/**
 * States what a body is by what is in it, and lets go of it: at once, unless that takes longer. Then the promise's
 * function states it.
 */
export function addOpened(
  body: TakenBody,
  { read }: Opening,
  opened: Opened,
): Promise<() => void> | undefined {
  const refinement = read(body);
  if (refinement instanceof Promise) {
    return refinement
      .then((refined) => () => {
        refine(refined, opened);
      })
      .finally(() => {
        body.release();
      });
  }
  body.release();
  refine(refinement, opened);
  return undefined;
}

export function refine(
  refinement: Refinement | undefined,
  { identity, sight, register, report }: Opened,
): void {
  if (refinement === 'not-an-artifact') return;
  const sighting = sight();
  if (refinement === 'a-page') {
    register.add(identity, { ...sighting, isPage: true });
    return;
  }
  if (isNotExamined(refinement)) {
    const { notExamined } = refinement;
    register.add(identity, { ...sighting, notExamined });
    report(sighting.urls.at(-1) ?? '', notExamined);
    return;
  }
  if (refinement === undefined) {
    register.add(identity, sighting);
    return;
  }
  const published = [...sighting.published, ...(refinement.published ?? [])];
  const inside = refinement.digests ?? {};
  register.add({ ...identity, ...refinement.identity }, { ...sighting, published, inside });
  for (const also of refinement.also ?? []) register.add(also, sighting);
}
