export type { RunProcesses, Watch } from './types.ts';
export { watchConnections } from './watch.ts';
