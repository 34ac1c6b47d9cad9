export { createPeerLookup } from './peer-lookup.ts';
export type { SocketOwner } from './socket-owners.ts';
