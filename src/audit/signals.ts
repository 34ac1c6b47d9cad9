// Apart from the rest of this folder, so that it can be loaded first.
import '../child/hide-standard-streams.ts';
export { installSignalHandlers } from '../child/signals.ts';
export type { Signals } from '../child/signals.ts';
