import type { Completeness, Exit } from './outcome.ts';

/** What the first and the last line of a journal say about a run; nothing between them was read or checked. */
export interface RunEntry {
  readonly runId: string;
  /** `cut-short`: its process is gone, and the journal has no end. `unreadable`: it has no start that is understood. */
  readonly state: 'running' | 'finished' | 'cut-short' | 'unreadable';
  readonly journalFile: string;
  /** Of the journal. */
  readonly bytes: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly command: readonly string[];
  readonly exit: Exit | null;
  readonly requests: number | null;
  readonly hosts: number | null;
  readonly completeness: Completeness['verdict'] | null;
}
