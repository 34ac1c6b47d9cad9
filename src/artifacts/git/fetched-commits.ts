import { formatOf, type ObjectFormat } from './object-id.ts';
import type { PackContents, TagTarget } from './pack-objects.ts';
import type { SoundPack } from './passing-pack.ts';
import type { Ref, Repository } from './repositories.ts';
import type { UploadPackRequest } from './upload-pack-request.ts';
import type { UploadPackResponse } from './upload-pack-response.ts';

/** An object that was asked for, and the commit that it is, or that the tag it is stands for. */
export interface FetchedCommit {
  readonly object: string;
  readonly commit: string;
  /** Its bytes were seen; else a branch of that name held it, and all that was asked for came. */
  readonly isSeen: boolean;
  readonly refs: readonly Ref[];
  /** What the tag itself says it is called. */
  readonly tagName: string | undefined;
}

export interface Fetched {
  /** Those that are certain. */
  readonly commits: readonly FetchedCommit[];
  /** The refs of all that was asked for. */
  readonly refs: readonly Ref[];
  /** Locked commits that came with them. */
  readonly others: readonly string[];
}

interface Exchange {
  readonly request: UploadPackRequest;
  readonly response: UploadPackResponse;
  /** Commits that lockfiles name: a client that fetches a branch may be after one of its history. */
  readonly locked: ReadonlySet<string>;
}

/** A pack, and what is to be looked for in it. */
export interface Search {
  readonly pack: SoundPack;
  readonly wanted: ReadonlySet<string>;
  readonly format: ObjectFormat;
  /** What came because it was asked for, by its id or by a ref. */
  readonly read: (seen: PackContents) => Fetched;
}

/** Undefined where nothing was fetched. */
export function searchFetch(
  repository: Repository,
  { request, response, locked }: Exchange,
): Search | undefined {
  const pack = request.isFetch ? response.pack() : undefined;
  // A server that has nothing to send sends an empty pack.
  if (pack === undefined || pack.objects === 0) return undefined;
  const named = [...request.wantedRefs].flatMap((name) => response.wantedRefs.get(name) ?? []);
  const wanted = new Set([...request.wants, ...named]);
  const [first] = wanted;
  if (first === undefined) return undefined;
  const refs = repository.refsOf(wanted);
  const isWhole = request.isFresh && !response.hasOtherPacks;
  const read = (seen: PackContents): Fetched => {
    const commits = [...wanted].flatMap((object): FetchedCommit[] => {
      const its = refs.get(object) ?? [];
      const resolved = resolve(object, { seen, refs: its, isWhole });
      return resolved === undefined ? [] : [{ object, refs: its, ...resolved }];
    });
    const listed = new Set(commits.map(({ commit }) => commit));
    const others = [...locked].filter((id) => !listed.has(id) && seen.get(id)?.type === 'commit');
    return { commits, refs: [...refs.values()].flat(), others };
  };
  return { pack, wanted: new Set([...wanted, ...locked]), format: formatOf(first), read };
}

interface Evidence {
  readonly seen: PackContents;
  readonly refs: readonly Ref[];
  /** Whatever was asked for must be in this pack. */
  readonly isWhole: boolean;
}

function resolve(
  object: string,
  { seen, refs, isWhole }: Evidence,
): Pick<FetchedCommit, 'commit' | 'isSeen' | 'tagName'> | undefined {
  const found = seen.get(object);
  if (found?.type === 'tag') return resolveTag(found.tag, { seen, isWhole });
  const isSeen = found?.type === 'commit';
  // Other refs may hold anything, and trees and files are asked for by their ids too.
  const isBranch = refs.some(({ name }) => name === 'HEAD' || name.startsWith('refs/heads/'));
  const isCertain = isSeen || (found === undefined && isBranch && isWhole);
  return isCertain ? { commit: object, isSeen, tagName: undefined } : undefined;
}

function resolveTag(
  tag: TagTarget | undefined,
  { seen, isWhole }: Pick<Evidence, 'seen' | 'isWhole'>,
): Pick<FetchedCommit, 'commit' | 'isSeen' | 'tagName'> | undefined {
  if (tag?.type !== 'commit') return undefined;
  // A client that has objects already may have the commit too: then only the tag is new.
  const isSeen = seen.get(tag.object)?.type === 'commit';
  return isSeen || isWhole ? { commit: tag.object, isSeen, tagName: tag.name } : undefined;
}
