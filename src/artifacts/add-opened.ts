import type { TakenBody } from './kept-body.ts';
import type { Identity, Opening } from './recogniser.ts';
import type { Register, Sighting } from './register.ts';

/** States what a body is by what is in it, and lets go of it. */
export async function addOpened(
  body: TakenBody,
  { read }: Opening,
  { identity, sighting, register }: { identity: Identity; sighting: Sighting; register: Register },
): Promise<void> {
  try {
    const refinement = await read(body);
    if (refinement === 'not-an-artifact') return;
    const published = [...sighting.published, ...(refinement?.published ?? [])];
    const inside = refinement?.digests ?? {};
    register.add({ ...identity, ...refinement?.identity }, { ...sighting, published, inside });
    for (const also of refinement?.also ?? []) register.add(also, sighting);
  } finally {
    body.release();
  }
}
