export { createPeerLookup } from './peer-lookup.ts';
export type { RunProcesses } from './run-processes.ts';
export type { SocketOwner } from './socket-owners.ts';
