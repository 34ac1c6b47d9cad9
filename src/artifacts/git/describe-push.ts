import type { Brought } from '../recogniser.ts';
import { identifyCommit, type Place } from './identify-commit.ts';
import type { PushedRef } from './push.ts';

/** One artifact for each commit that a push set refs to. */
export function describePush(
  refs: readonly PushedRef[],
  { place, size }: { place: Place; size: number },
): Brought[] {
  const byCommit = new Map<string, PushedRef[]>();
  for (const ref of refs) {
    const pushed = byCommit.get(ref.commit);
    if (pushed === undefined) byCommit.set(ref.commit, [ref]);
    else pushed.push(ref);
  }
  return [...byCommit].map(([commit, pushed], index) => ({
    identity: identifyCommit(place, commit, {
      version: undefined,
      isSeen: pushed.some(({ isSeen }) => isSeen),
      refs: pushed.map(({ name, object, before }) => ({
        ...{ name, object },
        ...(before === undefined ? {} : { before }),
      })),
    }),
    direction: 'sent',
    // One pack has them all.
    size: index === 0 ? size : 0,
    digests: { gitCommit: commit },
  }));
}
