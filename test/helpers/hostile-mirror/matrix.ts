import type { Artifact } from '../../../src/model/artifact.ts';
import { missingOneOf } from '../registries/commands.ts';
import type { HostileMirror, Outcome } from './run-cell.ts';
import type { Client, Stage } from './stage.ts';
import { apt } from './stages/apt.ts';
import { cargo } from './stages/cargo.ts';
import { git } from './stages/git.ts';
import { go } from './stages/go.ts';
import { mvn } from './stages/mvn.ts';
import { npm } from './stages/npm.ts';
import { pip } from './stages/pip.ts';
import type { Trick } from './trick.ts';
import { cargoTricks } from './tricks/cargo.ts';
import { codingTricks } from './tricks/coding.ts';
import { gitTricks } from './tricks/git.ts';
import { goTricks } from './tricks/go.ts';
import { npmTricks } from './tricks/npm.ts';
import { pythonTricks } from './tricks/python.ts';
import { systemTricks } from './tricks/system.ts';
import { wireTricks } from './tricks/wire.ts';

export const tricks: readonly Trick[] = [
  ...wireTricks,
  ...codingTricks,
  ...pythonTricks,
  ...npmTricks,
  ...cargoTricks,
  ...goTricks,
  ...systemTricks,
  ...gitTricks,
];

const stages: Readonly<Record<Client, Stage>> = { pip, npm, cargo, go, mvn, apt, git };
export const clients = Object.keys(stages) as readonly Client[];

export interface Cell {
  readonly trick: Trick;
  readonly stage: Stage;
  /** Why it cannot be tried here. */
  readonly missing: string | undefined;
}

/** Each trick on each client that it is for. */
export const cells: readonly Cell[] = tricks.flatMap((trick) =>
  clients
    .filter((client) => trick.plays[client] !== undefined)
    .map((client) => ({ trick, stage: stages[client], missing: missingOneOf(...stages[client].needs) })),
);

export function runCell(mirror: HostileMirror, { trick, stage }: Cell): Promise<Outcome> {
  const play = trick.plays[stage.client];
  return mirror.run(`${stage.client}-${trick.id}`, stage, (base, directory) => {
    const honest = (served: Parameters<Stage['registry']>[1]) => stage.registry(base, served);
    return play?.({ base, stage, directory, honest }) ?? new Map();
  });
}

/** Why bytes that are right may be said to be not comparable. */
const listedReasons = ['in-parts', 'not-decoded', 'stored-form', 'unread'];
const lockless: readonly Client[] = ['mvn', 'apt', 'git'];

/** What is wrong with what was said of a cell; nothing where all is as the threat model promises. */
export function findFaults(cell: Cell, outcome: Outcome): string[] {
  if (isRefused(outcome)) return [];
  if (lockless.includes(cell.stage.client)) return findLocklessFaults(cell, outcome);
  const own = ownArtifacts(cell, outcome);
  return outcome.taken === 'good' ? findFaultsOfLocked(own) : findFaultsOfOthers(own, outcome.code);
}

function findFaultsOfLocked(own: readonly Artifact[]): string[] {
  const isSaid = own.some(
    ({ verdict, reason = '' }) =>
      verdict === 'locked' || (verdict === 'not-comparable' && listedReasons.includes(reason)),
  );
  return [
    ...(isSaid ? [] : ['the locked bytes are neither locked nor not comparable']),
    ...(has(own, 'mismatch') ? ['the locked bytes are a mismatch'] : []),
  ];
}

function findFaultsOfOthers(own: readonly Artifact[], code: number | null): string[] {
  return [
    ...(code === 120 ? [] : [`other bytes than the locked ones, and exit ${code}`]),
    ...(has(own, 'locked') ? ['other bytes than the locked ones are locked'] : []),
  ];
}

function findLocklessFaults(cell: Cell, outcome: Outcome): string[] {
  const { code, artifacts, stored } = outcome;
  const own = ownArtifacts(cell, outcome);
  const digests = artifacts.flatMap(({ digests: { sha256, gitCommit }, encoded, commit }) => [
    ...[sha256, gitCommit, commit, encoded?.digests.sha256],
  ]);
  // What was decoded in part has no digest of its own.
  const isTold = stored === undefined || digests.includes(stored) || cell.trick.kind === 'coding';
  return [
    ...(has(own, 'locked') ? ['locked without a lockfile'] : []),
    ...(has(own, 'mismatch') && code !== 120 ? ['a mismatch without exit 120'] : []),
    ...(isTold || cell.trick.untold?.includes(cell.stage.client) === true
      ? []
      : ['what was stored is none of the artifacts']),
  ];
}

const has = (own: readonly Artifact[], verdict: Artifact['verdict']): boolean =>
  own.some((artifact) => artifact.verdict === verdict);

function ownArtifacts({ trick, stage }: Cell, { artifacts }: Outcome): readonly Artifact[] {
  return artifacts.filter(
    (artifact) => trick.beside?.(artifact) !== true && stage.beside?.(artifact) !== true,
  );
}

/** The command failed by itself, or left nothing. */
function isRefused({ taken, code }: Outcome): boolean {
  return taken === 'nothing' || (code !== 0 && code !== 120);
}

/** As the table of the threat model has it: what the client took, what was said of it, and the exit status. */
export function describeOutcome(cell: Cell, outcome: Outcome): string {
  if (isRefused(outcome)) return 'refused';
  const own = ownArtifacts(cell, outcome);
  const verdicts = [...new Set(own.map(({ verdict }) => verdict))].sort();
  return `${outcome.taken}: ${verdicts.join(', ') || 'none'}, ${outcome.code}`;
}
