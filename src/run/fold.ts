import type { Completeness, Counts, Exit } from '../model/outcome.ts';
import type { FoldedRun, Integrity, RunFacts, RunHeader } from '../model/run.ts';
import { ArtifactFold } from './artifact-fold.ts';
import { computeCompleteness, type Gaps } from './completeness.ts';
import { ExchangeFold } from './exchange-fold.ts';
import { JudgementFold } from './judgement-fold.ts';
import { ProxyList } from './proxy-list.ts';
import type { RecordedEvent, RecordedEventOf } from './recorded-event.ts';

export interface Fold {
  readonly add: (event: RecordedEvent) => void;
  /** What `run-finished` must say if it is recorded now. */
  readonly conclude: (exit: Exit) => Conclusion;
  readonly finish: (integrity: Integrity) => Folded;
}

/** With what its completeness is told by, alone and beside others. */
export interface Folded extends FoldedRun {
  readonly gaps: Gaps;
}

export interface Conclusion {
  readonly completeness: Completeness;
  readonly counts: Counts;
  readonly hosts: number;
}

type Header = Omit<RunHeader, 'integrity' | 'completeness' | 'endedAt' | 'exit' | 'head'>;

const unknownHeader: Header = {
  runId: '(unknown)',
  tool: { name: 'proxaudit', version: '(unknown)' },
  command: [],
  cwd: '(unknown)',
  capture: 'env',
  host: { platform: '(unknown)', release: '(unknown)', arch: '(unknown)', node: '(unknown)' },
  startedAt: '',
};

const intact: Integrity = { verdict: 'intact', problems: [] };
const noEnding = { endedAt: null, exit: null, head: null };

/** Folds the events of one journal into a Run, as they come; memory does not grow with the number of exchanges. */
export function createFold(): Fold {
  const exchanges = new ExchangeFold();
  const artifacts = new ArtifactFold();
  const upstreamProxies = new ProxyList();
  const judgement = new JudgementFold();
  let header = unknownHeader;
  let longestGapMs: number | undefined;
  let ending: ReturnType<typeof endingOf> | undefined;

  const gapsWith = (integrity: Integrity, exit: Exit | null): Gaps => ({
    captures: [{ mode: header.capture, longestGapMs }],
    integrities: [integrity],
    exits: [exit],
    commands: distinctCommands(header.command, exchanges.summarise().processes),
    ...exchanges.looseEnds(),
    lockfileUse: artifacts.lockfileUse(),
    unlocked: artifacts.unlockedEcosystems(),
  });

  return {
    add(event) {
      if ('upstreamProxy' in event) upstreamProxies.add(event.upstreamProxy);
      if (event.type === 'run-started') header = headerOf(event);
      else if (event.type === 'run-finished') ending = endingOf(event);
      else if (event.type === 'connections-sampled') longestGapMs = event.longestGapMs;
      else if (event.type === 'artifact-recognised') artifacts.add(event.artifact);
      else if (event.type === 'lockfile-loaded') artifacts.addLockfile(event);
      else if (event.type === 'baseline-loaded' || event.type === 'waivers-loaded') judgement.add(event);
      else exchanges.add(event);
    },
    conclude: (exit) => ({
      completeness: computeCompleteness({ ...gapsWith(intact, exit), ...exchanges.summarise() }),
      counts: exchanges.counts(),
      hosts: exchanges.hostCount(),
    }),
    finish(integrity) {
      const gaps = gapsWith(integrity, ending?.exit ?? null);
      const completeness = computeCompleteness({ ...gaps, ...exchanges.summarise() });
      const facts: RunFacts = {
        schemaVersion: 1,
        runs: [{ ...header, ...(ending ?? noEnding), integrity, completeness }],
        counts: exchanges.counts(),
        completeness,
        ...exchanges.summarise(),
        upstreamProxies: upstreamProxies.list(),
        ...artifacts.summarise(),
        unfinished: exchanges.unfinished(),
      };
      return { facts, gaps, ...judgement.summarise() };
    },
  };
}

function endingOf({ at, exit, head }: RecordedEventOf<'run-finished'>): {
  endedAt: string;
  exit: Exit;
  head: string;
} {
  return { endedAt: at, exit, head };
}

function headerOf(event: RecordedEventOf<'run-started'>): Header {
  const { runId, tool, command, cwd, capture, includesLocal, host, git, at } = event;
  return {
    ...{ runId, tool, command, cwd, capture },
    ...(includesLocal === undefined ? {} : { includesLocal }),
    host,
    ...(git === undefined ? {} : { git }),
    startedAt: at,
  };
}

const MAX_COMMANDS = 200;

/** Of the run, of those who asked, and of those that started them. */
function distinctCommands(own: readonly string[], processes: RunFacts['processes']): (readonly string[])[] {
  const commands = new Map([[own.join('\0'), own]]);
  for (const { process } of processes) {
    for (const { command } of process === null ? [] : [process, ...(process.parents ?? [])]) {
      if (commands.size < MAX_COMMANDS) commands.set(command.join('\0'), command);
    }
  }
  return [...commands.values()];
}
