import { statSync } from 'node:fs';
import { readBounded } from '../support/read-bounded.ts';
import { MAX_PEM_BYTES } from './pem.ts';

/**
 * The text of a file of certificates; undefined for what cannot be read, and for a file whose identity is in `seen`. The
 * identities of the others are added.
 */
export function readUnseen(path: string, seen: Set<string>): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    const identity = `${dev}:${ino}`;
    if (seen.has(identity)) return undefined;
    const text = readBounded(path, { maxBytes: MAX_PEM_BYTES }).toString('latin1');
    seen.add(identity);
    return text;
  } catch {
    return undefined;
  }
}
