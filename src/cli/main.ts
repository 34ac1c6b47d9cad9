// Alone here, so that the handlers stand, and the standard streams are out of reach, before the rest is even loaded.
import { signals } from './signals.ts';

// Node would print deprecations and the like over the child's output.
process.removeAllListeners('warning');

void import('./dispatch.ts').then(({ main }) =>
  main(process.argv.slice(2), { signals, bundleDirectory: import.meta.dirname }),
);
