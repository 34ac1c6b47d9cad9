export { createFold } from './fold.ts';
export { openJournal } from './journal-writer.ts';
export { findLastRun } from './known-runs.ts';
export { createRunDirectory } from './run-directory.ts';
