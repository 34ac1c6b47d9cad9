export { endsWithinLine } from './journal-ends.ts';
export { createFold } from './fold.ts';
export { openJournal, type Journal } from './journal-writer.ts';
export { createRunDirectory } from './run-directory.ts';
