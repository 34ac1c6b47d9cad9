import type { Signals } from '../audit/signals.ts';

/** What only the entry of the bundle knows. */
export interface Surroundings {
  readonly signals: Signals;
  /** The folder of the bundle. */
  readonly bundleDirectory: string;
  /** Keeps the compiled code of the bundle for later starts. To be called once the rest is done. */
  readonly saveCode: (after: 'run' | 'subcommand') => void;
}
