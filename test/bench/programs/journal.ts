// Writes a journal of LINES lines to FILE.
import { writeLargeJournal } from '../../helpers/write-large-journal.ts';

const { file, lines } = JSON.parse(process.argv[2] ?? '{}') as { file: string; lines: number };
writeLargeJournal(file, lines);
