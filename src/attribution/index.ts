export { createPeerLookup } from './peer-lookup.ts';
export type { PeerLookup, PeerLookupOptions } from './peer-lookup.ts';
export type { ConnectionTuple, SocketOwner } from './socket-owners.ts';
