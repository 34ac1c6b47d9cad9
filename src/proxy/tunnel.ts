import type { ConnectionNames } from './exchange/used-names.ts';
import type { Destination, Via } from './types.ts';

/** What a client asked to be connected with, and what it said until its first request. Nothing of it changes later. */
export interface Tunnel {
  readonly destination: Destination;
  readonly via: Via;
  /** It speaks TLS, which is intercepted. */
  readonly secure: boolean;
  /** The server name of its ClientHello, where it is one that can be sent on. */
  readonly sni: string | undefined;
  /** The same in its one spelling, whatever it is made of. */
  readonly claimedName: string | undefined;
}

export function namesOf({ destination, claimedName }: Tunnel): ConnectionNames {
  return { connect: destination.host, sni: claimedName };
}
