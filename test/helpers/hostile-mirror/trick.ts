import type { Registry, Served, Stage, Client } from './stage.ts';
import type { Reply } from './reply.ts';

/** What a trick plays with. */
export interface Play {
  readonly base: string;
  readonly stage: Stage;
  /** The honest registry, but for what it is given as the file. */
  readonly honest: (served: Served) => Registry;
}

export type Plays = Partial<Readonly<Record<Client, (play: Play) => Registry>>>;

/** One way of a hostile mirror to have a client install other bytes than those that are told. */
export interface Trick {
  /** In the table, and in the names of tests. */
  readonly id: string;
  readonly kind:
    'bytes' | 'status' | 'coding' | 'framing' | 'header' | 'redirect' | 'index' | 'name' | 'archive';
  /** What the mirror does. */
  readonly says: string;
  readonly plays: Plays;
  /** It is tried in CI on these; on all of them in the long tier. */
  readonly inCi?: readonly Client[];
}

const downloaders = ['pip', 'npm', 'cargo', 'go', 'mvn', 'apt'] as const;
export type Downloader = (typeof downloaders)[number];

/** The same odd reply for the file, for each client that downloads one. */
export function onFile(
  reply: (stage: Stage, base: string) => Reply,
  clients: readonly Downloader[] = downloaders,
): Plays {
  return onRegistry(({ stage, base, honest }) => honest(withReply(stage, reply(stage, base))), clients);
}

export function onRegistry(
  play: (play: Play) => Registry,
  clients: readonly Downloader[] = downloaders,
): Plays {
  return Object.fromEntries(clients.map((client) => [client, play]));
}

/** cargo and apt take nothing whose digest the index does not state: it is that of the body, as they store it. */
export function withReply({ client }: Stage, reply: Reply): Served {
  return client === 'cargo' || client === 'apt'
    ? { file: reply, listed: Buffer.from(reply.body) }
    : { file: reply };
}
