import type { Artifact } from '../../../src/model/artifact.ts';
import type { Registry, Served, Stage, Client } from './stage.ts';
import type { Reply } from './reply.ts';

/** What a trick plays with. */
export interface Play {
  readonly base: string;
  readonly stage: Stage;
  /** The mirror's own. */
  readonly directory: string;
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
  /** Of the artifacts: one that the client fetches beside the one that the trick is about. */
  readonly beside?: (artifact: Artifact) => boolean;
  /** Clients without a lockfile that store what is told as a page, which is no artifact where nothing speaks of it. */
  readonly untold?: readonly Client[];
  /** It is tried in CI on these; on all of them in the long tier. */
  readonly inCi?: readonly Client[];
}

const downloaders = ['pip', 'npm', 'cargo', 'go', 'mvn', 'apt'] as const;
/**
 * The same odd reply for the file, for each client that downloads one.
 * @param decoded what a client stores that undoes the reply's coding
 */
export function onFile(reply: (stage: Stage) => Reply, decoded?: 'good' | 'evil'): Plays {
  return onRegistry(({ stage, honest }) =>
    honest(withReply(stage, reply(stage), decoded === undefined ? undefined : stage[decoded])),
  );
}

export function onRegistry(play: (play: Play) => Registry): Plays {
  return Object.fromEntries(downloaders.map((client) => [client, play]));
}

/** cargo and apt take nothing whose digest the index does not state: it is that of what they store of the reply. */
export function withReply({ client }: Stage, reply: Reply, decoded?: Buffer): Served {
  if (client !== 'cargo' && client !== 'apt') return { file: reply };
  // cargo undoes codings, apt does not.
  return { file: reply, listed: (client === 'cargo' ? decoded : undefined) ?? Buffer.from(reply.body) };
}
