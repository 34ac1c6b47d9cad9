import { z } from 'zod';
import { destinationSchema, processSchema } from './exchange.ts';

export const blindSpotMembers = {
  kind: z.enum([
    /** A connection that led past the proxy. */
    'bypass',
    'ca-refused',
    /** Stated of a connection that passed through: its server wanted a client certificate that we do not have. */
    'client-certificate-wanted',
    /** A service of this machine that was asked to fetch. */
    'daemon',
    /** Names were looked up on port 53, which says nothing about what was done with the answers. */
    'direct-dns',
    'journal-failed',
    /** It is above the working directory, where its tool does not look for it. */
    'lockfile-aside',
    /** It has no entries, not even those that its tool makes of a project without dependencies. */
    'lockfile-empty',
    /** A symbolic link that leads out of the repository. */
    'lockfile-outside',
    /** Written by the run itself. */
    'lockfile-new',
    'lockfile-unread',
    'no-proxy',
    /** Stated of a connection that passed through: inside its TLS was something else than HTTP. */
    'not-http-in-tls',
    /** What came from a URL, or was sent to it, was not looked into; `advice` is the reason. */
    'not-examined',
    /** A UDP socket of which the system does not tell where it sends. */
    'open-udp',
    /** A connection or a request that was not served, of the run's user or of nobody that is known. */
    'refused',
    /** A connection to us of another user, which was not served. */
    'other-user',
    /** A process in a network namespace of its own. */
    'other-network',
    /** A file that came in parts (206) which were not put together. */
    'parts',
    'passed-through',
    'replaced-setting',
    'still-running',
    'tunnelled',
    /** Stated of an exchange: from it on its connection passed unread, as readers take its framing differently. */
    'unparsed',
  ]),
  subject: z.string(),
  advice: z.string(),
  /** How many such it tells of; default 1. */
  count: z.number().int().positive().optional(),
  /** Whose traffic it is, where that is known. */
  process: processSchema.optional(),
  /** Of a connection: where to, over what, and what its port is usually for. */
  destination: destinationSchema.optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  protocol: z.string().optional(),
};
