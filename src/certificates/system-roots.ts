import { systemBundles } from './known-paths.ts';
import { splitPem } from './pem.ts';
import { readUnseen } from './read-unseen.ts';

export interface SystemRoots {
  readonly file: string;
  /** PEM, as it is. Splitting it takes longer than all else that trust needs, so it is left to who must. */
  readonly text: string;
}

/** The system's own bundle, from the first known path that holds certificates; undefined where there is none. */
export function readSystemRoots(
  seen: Set<string>,
  candidates: readonly string[] = systemBundles,
): SystemRoots | undefined {
  for (const file of candidates) {
    const text = readUnseen(file, seen) ?? '';
    if (text.includes('-----BEGIN CERTIFICATE-----')) return { file, text };
  }
  return undefined;
}

/** The roots that Node was built with. Loaded on demand: node:tls is not needed to start a command. */
export function nodeRoots(): readonly string[] {
  return process.getBuiltinModule('node:tls').rootCertificates.flatMap(splitPem);
}
