import { existsSync, readFileSync } from 'node:fs';
import type { Artifact } from '../../../src/model/artifact.ts';
import { sha256 } from '../origin/random.ts';
import type { Invocation } from '../registries/scenario.ts';
import type { Answer, Reply } from './reply.ts';

export type Client = 'pip' | 'npm' | 'cargo' | 'go' | 'mvn' | 'apt' | 'git';

/**
 * What a client has installed: the locked file; the other one; the content of the locked one, out of a file with other
 * bytes (`padded`); something else; or nothing.
 */
export type Taken = 'good' | 'evil' | 'padded' | 'other' | 'nothing';

export type Registry = Map<string, Answer>;

export interface Served {
  /** The file's bytes, or the reply in their place. */
  readonly file: Buffer | Reply;
  /** Whose digest the index states. Default: that of `file` where it is bytes; none where the client does without. */
  readonly listed?: Buffer;
}

/** One client with one package that a lockfile names, and other bytes that it would install as gladly. */
export interface Stage {
  readonly client: Client;
  /** The first commands that are needed. */
  readonly needs: readonly string[];
  /** The file that the lockfile has the digest of. */
  readonly good: Buffer;
  readonly evil: Buffer;
  /** Where an honest registry has the file, below the mirror. */
  readonly file: string;
  /** A registry with nothing odd but what it is given. */
  registry(base: string, served: Served): Registry;
  /** Writes project and lockfile into the empty directory. */
  prepare(directory: string, base: string): StagedInvocation;
  /** Read from what the client has installed there, never from what was served. */
  taken(directory: string): Taken;
  /** Of the artifacts: those that the client fetches beside the one that tricks are about. */
  readonly beside?: (artifact: Artifact) => boolean;
  /** SHA-256 of the file as the client has stored it, or the commit that it has checked out. */
  readonly stored?: (directory: string) => string | undefined;
}

export interface StagedInvocation extends Invocation {
  /** Options of proxaudit. */
  readonly own?: readonly string[];
}

/** Tells whose content was installed, and whether it came out of the locked file. */
export function takenFrom(installed: string, hasLockedFile: () => boolean): Taken {
  if (!existsSync(installed)) return 'nothing';
  const content = readFileSync(installed);
  const isGood = content.includes('taken: good');
  const isEvil = content.includes('taken: evil');
  if (isGood === isEvil) return 'other';
  if (isEvil) return 'evil';
  return hasLockedFile() ? 'good' : 'padded';
}

export function digestOf(stored: string): string | undefined {
  return existsSync(stored) ? sha256(readFileSync(stored)) : undefined;
}

/** What a client stored as it came. */
export function takenAsItIs(stored: string, { good, evil }: Pick<Stage, 'good' | 'evil'>): Taken {
  if (!existsSync(stored)) return 'nothing';
  const content = readFileSync(stored);
  if (content.equals(good)) return 'good';
  return content.equals(evil) ? 'evil' : 'other';
}
