import type { JobKind, Jobs } from './jobs.ts';

/** What the main thread sends: a job, or that the rows were taken. */
export type ToThread = { readonly kind: JobKind; readonly input: Jobs[JobKind]['input'] } | 'taken';
/** `failed`: what was read is no such thing, which says nothing. */
export type FromThread =
  | { readonly rows: readonly unknown[] }
  | { readonly output: unknown }
  | { readonly notExamined: string }
  | { readonly failed: string };
