import { z } from 'zod';
import { destinationSchema, processSchema } from './exchange.ts';

export const blindSpotMembers = {
  kind: z.enum([
    /** A connection that led past the proxy. */
    'bypass',
    'ca-refused',
    /** A service of this machine that was asked to fetch. */
    'daemon',
    /** Names were looked up on port 53, which says nothing about what was done with the answers. */
    'direct-dns',
    'journal-failed',
    /** Written by the run itself. */
    'lockfile-new',
    'lockfile-unread',
    'no-proxy',
    /** What came from a URL, or was sent to it, was not looked into; `advice` is the reason. */
    'not-examined',
    /** A UDP socket of which the system does not tell where it sends. */
    'open-udp',
    /** A process in a network namespace of its own. */
    'other-network',
    'passed-through',
    'replaced-setting',
    'still-running',
    'tunnelled',
  ]),
  subject: z.string(),
  advice: z.string(),
  /** Whose traffic it is, where that is known. */
  process: processSchema.optional(),
  /** Of a connection: where to, over what, and what its port is usually for. */
  destination: destinationSchema.optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  protocol: z.string().optional(),
};
