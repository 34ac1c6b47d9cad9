export type { Watch } from './types.ts';
export { watchConnections } from './watch.ts';
