import { it } from 'vitest';

/**
 * A test of behaviour that is not right yet: it fails the run as soon as it passes, so that it cannot be forgotten.
 * `test/setup/results.mjs` lists it among the skipped tests, with the reason.
 *
 * @param reason what the behaviour waits for
 */
export function itFailsUntil(reason: string, title: string, test: () => Promise<void> | void): void {
  it.fails(`${title} (expected to fail until ${reason})`, test);
}
