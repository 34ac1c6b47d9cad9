import { join } from 'node:path';
import type { GitObjects } from './git-objects.ts';
import { isCommitId, readRef, readSmallFile, type GitRepository } from './git-repository.ts';
import type { Variables } from './options.ts';

/** The commit that changes are reviewed against, or why it cannot be read. */
export type BaseCommit =
  { readonly named: string; readonly commit: string } | { readonly named: string; readonly problem: string };

interface Place {
  readonly repository: GitRepository;
  readonly objects: GitObjects;
  readonly env: Variables;
}

/** By what CI systems name the commit that a change is to be merged into, in the order in which they count. */
const COMMITS = ['CI_MERGE_REQUEST_TARGET_BRANCH_SHA', 'CI_MERGE_REQUEST_DIFF_BASE_SHA'];
/** The same, of the branch. Each is set for pull requests alone. */
const BRANCHES = [
  'GITHUB_BASE_REF',
  'SYSTEM_PULLREQUEST_TARGETBRANCH',
  'BITBUCKET_PR_DESTINATION_BRANCH',
  'BUILDKITE_PULL_REQUEST_BASE_BRANCH',
  'CHANGE_TARGET',
  'CODEBUILD_WEBHOOK_BASE_REF',
];

/**
 * Finds the base: in CI of a pull request the commit, or the tip of the branch, that it is to be merged into; elsewhere
 * `HEAD`, so that what is not committed is new.
 */
export function findBaseCommit(place: Place): BaseCommit {
  const { repository, objects, env } = place;
  const set = [...COMMITS, ...BRANCHES].filter((name) => (env[name] ?? '') !== '');
  for (const named of set) {
    const value = env[named] ?? '';
    const candidates = COMMITS.includes(named) ? [value] : commitsOf(value, place);
    const commit = candidates.find((id) => isCommitId(id) && objects.read(id)?.type === 'commit');
    if (commit !== undefined) return { named, commit };
  }
  const [named] = set;
  if (named === undefined) return headOf(repository);
  const problem = `the commit that ${named} names is not in this clone: fetch it (its history may be shallow)`;
  return { named, problem };
}

function headOf(repository: GitRepository): BaseCommit {
  const commit = readHead(repository);
  return commit === undefined
    ? { named: 'HEAD', problem: 'nothing is committed yet' }
    : { named: 'HEAD', commit };
}

function readHead(repository: GitRepository): string | undefined {
  const head = readSmallFile(join(repository.directory, 'HEAD'))?.trim() ?? '';
  return isCommitId(head) ? head : readRef(/^ref: (refs\/\S+)$/.exec(head)?.[1], repository);
}

/** Of a branch: its tip as it was fetched, or what GitHub merged the pull request into or says that it was made against. */
function commitsOf(value: string, place: Place): string[] {
  const branch = value.replace(/^refs\/heads\//, '');
  const fetched = readRef(`refs/remotes/origin/${branch}`, place.repository);
  return [fetched, mergedInto(place), readEvent(place.env)].filter((id) => id !== undefined);
}

/** `HEAD` is the merge that GitHub made itself: its first parent is the base. */
function mergedInto({ repository, objects, env }: Place): string | undefined {
  const head = readHead(repository);
  const isMerge = head === env['GITHUB_SHA'] && /^refs\/pull\/\d+\/merge$/.test(env['GITHUB_REF'] ?? '');
  const commit = isMerge && head !== undefined ? objects.read(head)?.content.toString('utf8') : undefined;
  return /^tree [0-9a-f]+\nparent ([0-9a-f]+)\nparent /.exec(commit ?? '')?.[1];
}

function readEvent({ GITHUB_EVENT_PATH: path }: Variables): string | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    const event = JSON.parse(readSmallFile(path) ?? '') as { pull_request?: { base?: { sha?: unknown } } };
    const sha = event.pull_request?.base?.sha;
    return typeof sha === 'string' ? sha : undefined;
  } catch {
    return undefined;
  }
}
