import { runFinishedSchema, runStartedSchema } from '../model/events.ts';
import type { RunEntry } from '../model/run-entry.ts';
import { readEnds } from './journal-ends.ts';
import { knownRuns, type Environment, type KnownRun } from './known-runs.ts';

/** The runs that are kept, newest first. Of each journal only the first and the last line are read. */
export function listRuns(environment: Environment): RunEntry[] {
  return [...knownRuns(environment)].map(describe);
}

function describe({ runId, journalFile, isLive }: KnownRun): RunEntry {
  const ends = readEnds(journalFile);
  const started = runStartedSchema.safeParse(parse(ends?.first)).data;
  const finished = runFinishedSchema.safeParse(parse(ends?.last)).data;
  const ended = finished === undefined ? 'cut-short' : 'finished';
  return {
    runId,
    state: isLive ? 'running' : started === undefined ? 'unreadable' : ended,
    journalFile,
    bytes: ends?.bytes ?? 0,
    startedAt: started?.at ?? null,
    endedAt: finished?.at ?? null,
    command: started?.command ?? [],
    exit: finished?.exit ?? null,
    requests: finished?.counts.exchanges ?? null,
    hosts: finished?.hosts ?? null,
    completeness: finished?.completeness.verdict ?? null,
  };
}

function parse(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}
