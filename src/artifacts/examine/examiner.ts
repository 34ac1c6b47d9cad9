import type { JobKind, Jobs, TakeRows } from './jobs.ts';
import { MAX_SPOOLED } from './limits.ts';
import type { NotExamined } from './not-examined.ts';
import { WorkerLane, type StartThread } from './worker-lane.ts';

/**
 * Reads what is heavy and may be hostile, elsewhere. What cannot be read as what it should be comes to undefined; the
 * reason is given where it was not looked into.
 */
export type Examine = <Kind extends JobKind>(
  kind: Kind,
  input: Jobs[Kind]['input'],
  take?: TakeRows,
) => Promise<Jobs[Kind]['output'] | NotExamined | undefined>;

/** Documents explain what is fetched next, and must not wait for the archives that were fetched before. */
const laneOf: Readonly<Record<JobKind, 'documents' | 'archives'>> = {
  document: 'documents',
  'package-index': 'documents',
  control: 'archives',
  'git-pack': 'archives',
  'go-module': 'archives',
  publish: 'archives',
};

/** The worker threads of one run. They are started with their first job, and keep no process alive. */
export class Examiner {
  readonly #lanes: Readonly<Record<'documents' | 'archives', WorkerLane>>;
  #spooled = 0;

  constructor(start: StartThread) {
    this.#lanes = { documents: new WorkerLane(start), archives: new WorkerLane(start) };
  }

  readonly examine: Examine = (kind, input, take) => this.#lanes[laneOf[kind]].add(kind, input, take);

  /** Whether so many bytes more may lie in files; they do until they are given back. */
  reserve(bytes: number): boolean {
    if (this.#spooled + bytes > MAX_SPOOLED) return false;
    this.#spooled += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#spooled -= bytes;
  }

  /** What is not read by now never is. */
  close(): void {
    for (const lane of Object.values(this.#lanes)) lane.close('the run ended before it was read');
  }
}
