import type { Signals } from '../audit/signals.ts';

/** What only the entry of the bundle knows. */
export interface Surroundings {
  readonly signals: Signals;
  /** The folder of the bundle. */
  readonly bundleDirectory: string;
}
