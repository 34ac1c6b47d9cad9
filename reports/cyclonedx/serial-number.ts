import { createHash } from 'node:crypto';
import type { Run } from '../../src/model/run.ts';

/** The same for the same journals, another for others: a UUID of version 8 (RFC 9562), made of a SHA-256. */
export function serialNumber({ runs, counts }: Run): string {
  // A journal that was cut short has no head that would stand for all of it.
  const facts = JSON.stringify(['cyclonedx', runs, counts]);
  const bytes = createHash('sha256').update(facts).digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${parts.join('-')}`;
}
