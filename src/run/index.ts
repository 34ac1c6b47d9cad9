export { createFold } from './fold.ts';
export { openJournal } from './journal-writer.ts';
export { createRunDirectory, findLastRun } from './run-directory.ts';
