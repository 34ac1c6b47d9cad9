export { createFold } from './fold.ts';
export { openJournal } from './journal-writer.ts';
export { createRunDirectory } from './run-directory.ts';
