import { runFinishedSchema, runStartedSchema } from '../model/events.ts';
import type { RunEntry } from '../model/run-entry.ts';
import { readEnds } from './journal-ends.ts';
import { knownRuns, type Environment, type KnownRun } from './known-runs.ts';

/** The runs that are kept, newest first. Of each journal only the first and the last line are read. */
export function listRuns(environment: Environment): RunEntry[] {
  return [...knownRuns(environment)].map(describe);
}

type Started = ReturnType<typeof runStartedSchema.parse>;
type Finished = ReturnType<typeof runFinishedSchema.parse>;

function describe({ runId, journalFile, isLive }: KnownRun): RunEntry {
  const ends = readEnds(journalFile);
  const started = runStartedSchema.safeParse(parse(ends?.first)).data;
  const finished = runFinishedSchema.safeParse(parse(ends?.last)).data;
  return {
    runId,
    state: isLive ? 'running' : stateOf(started, finished),
    journalFile,
    bytes: ends?.bytes ?? 0,
    startedAt: started?.at ?? null,
    command: started?.command ?? [],
    ...endingOf(finished),
  };
}

function stateOf(started: Started | undefined, finished: Finished | undefined): RunEntry['state'] {
  if (started === undefined) return 'unreadable';
  return finished === undefined ? 'cut-short' : 'finished';
}

function endingOf(
  finished: Finished | undefined,
): Pick<RunEntry, 'endedAt' | 'exit' | 'requests' | 'hosts' | 'completeness'> {
  if (finished === undefined) {
    return { endedAt: null, exit: null, requests: null, hosts: null, completeness: null };
  }
  const { at, exit, counts, hosts = null, completeness } = finished;
  return { endedAt: at, exit, requests: counts.exchanges, hosts, completeness: completeness.verdict };
}

function parse(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}
