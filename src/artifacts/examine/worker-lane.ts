import type { JobKind, Jobs, TakeRows } from './jobs.ts';
import { MAX_ITEM_MS, MAX_RUN_MS, MAX_WAITING } from './limits.ts';
import type { NotExamined } from './not-examined.ts';
import type { FromThread, ToThread } from './messages.ts';

/** A worker thread, as far as it is used here. */
export interface Thread {
  postMessage(message: ToThread): void;
  on(event: 'message', listener: (message: FromThread) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
}
export type StartThread = () => Thread;

interface Job {
  readonly message: Exclude<ToThread, 'taken'>;
  readonly take: TakeRows | undefined;
  readonly settle: (result: unknown) => void;
}

/** One worker thread and what waits for it. A thread that dies, or takes too long, is replaced for the next job. */
export class WorkerLane {
  readonly #start: StartThread;
  readonly #waiting: Job[] = [];
  #current: Job | undefined;
  #thread: Thread | undefined;
  #timer: NodeJS.Timeout | undefined;
  #begun = 0;
  #spentMs = 0;
  #closed: string | undefined;

  constructor(start: StartThread) {
    this.#start = start;
  }

  add<Kind extends JobKind>(
    kind: Kind,
    input: Jobs[Kind]['input'],
    take: TakeRows | undefined,
  ): Promise<Jobs[Kind]['output'] | NotExamined | undefined> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.resolve({ notExamined: refusal });
    return new Promise((resolve) => {
      const settle = (result: unknown): void => {
        resolve(result);
      };
      this.#waiting.push({ message: { kind, input }, take, settle });
      this.#next();
    });
  }

  close(reason: string): void {
    this.#closed = reason;
    for (const job of this.#waiting.splice(0)) job.settle({ notExamined: reason });
    this.#replace(reason);
  }

  #refusal(): string | undefined {
    if (this.#closed !== undefined) return this.#closed;
    if (this.#spentMs > MAX_RUN_MS) {
      return `reading archives and documents has taken ${MAX_RUN_MS / 1000} s of this run`;
    }
    return this.#waiting.length >= MAX_WAITING ? `${MAX_WAITING} others wait to be read` : undefined;
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#current = job;
    this.#begun = performance.now();
    this.#timer = setTimeout(() => {
      this.#replace(`reading it takes longer than ${MAX_ITEM_MS / 1000} s`);
    }, MAX_ITEM_MS).unref();
    try {
      this.#thread ??= this.#open();
      this.#thread.postMessage(job.message);
    } catch (error) {
      this.#replace(`a thread could not be started: ${messageOf(error)}`);
    }
  }

  #open(): Thread {
    const thread = this.#start();
    const isPresent = (): boolean => this.#thread === thread;
    thread.on('message', (message) => {
      if (isPresent()) this.#hear(thread, message);
    });
    thread.on('error', (error) => {
      if (!isPresent()) return;
      const isOutOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#replace(
        isOutOfMemory ? 'reading it takes too much memory' : `reading it failed: ${error.message}`,
      );
    });
    thread.on('exit', () => {
      if (isPresent()) this.#replace('reading it failed: the thread ended');
    });
    return thread;
  }

  #hear(thread: Thread, message: FromThread): void {
    if (!('rows' in message)) {
      this.#settle('output' in message ? message.output : 'notExamined' in message ? message : undefined);
      return;
    }
    try {
      this.#current?.take?.(message.rows);
    } catch {
      // What cannot be recorded is the journal's owner's to tell.
    }
    // Other work gets its turn before more comes.
    setImmediate(() => {
      if (this.#thread === thread) thread.postMessage('taken');
    });
  }

  #settle(result: unknown): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#current = undefined;
    if (job === undefined) return;
    this.#spentMs += performance.now() - this.#begun;
    job.settle(result);
    this.#next();
  }

  #replace(notExamined: string): void {
    const thread = this.#thread;
    this.#thread = undefined;
    void thread?.terminate();
    this.#settle({ notExamined });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
