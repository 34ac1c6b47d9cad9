import type { Identity, Learned, Recognition } from './recogniser.ts';
import { unlessPage } from './unless-page.ts';

/**
 * A learned URL wins over what its path looks like, unless that names another package: an index may say anything of any
 * URL. How to open the body is the recogniser's to say all the same.
 */
export function withLearned(
  recognition: Recognition | undefined,
  learned: Learned | undefined,
): Recognition | undefined {
  if (learned?.identity === undefined) return recognition;
  const identity: Identity = { ...learned.identity, identifiedBy: 'index' };
  if (recognition?.kind !== 'artifact' || recognition.identity.ecosystem !== identity.ecosystem) {
    return { kind: 'artifact', identity, ...(identity.class === 'package' ? { open: unlessPage } : {}) };
  }
  const { purl, name } = recognition.identity;
  const isOther = purl !== null && name.toLowerCase() !== identity.name.toLowerCase();
  return isOther ? recognition : { ...recognition, identity };
}
