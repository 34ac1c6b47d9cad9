export { createFold } from './fold.ts';
export { openJournal } from './journal-writer.ts';
export { mergeRuns } from './merge-runs.ts';
export { readJournalFile, readRun } from './read-run.ts';
export { createRunDirectory, findLastRun } from './run-directory.ts';
