import { isIPv4 } from 'node:net';

/** What values the options have, at the command line and in the library alike. */
export const MAX_DRAIN_SECONDS = 3600;
export const MAX_PORT = 65_535;
/** Two bodies of this size, in base64, fit into a line of the journal. */
export const MAX_BODY_BYTES = 262_144;
export const HEADER_LEVELS = ['none', 'safe', 'all'] as const;
export const REFUSAL_ANSWERS = ['fail', 'tunnel'] as const;

export type HeaderLevel = (typeof HEADER_LEVELS)[number];
/** What becomes of a client that does not take our CA. */
export type OnRefusal = (typeof REFUSAL_ANSWERS)[number];

/** A host name, or `*.suffix`; without scheme or port. */
export function isHostPattern(text: string): boolean {
  return /^(?:\*\.)?[^\s*/:]+$/.test(text);
}

/** Nobody but this machine may use the proxy of a run. */
export function isLoopback(text: string): boolean {
  return text === 'localhost' || text === '::1' || (isIPv4(text) && text.startsWith('127.'));
}
