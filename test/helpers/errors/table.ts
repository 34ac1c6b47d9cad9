import { readFileSync } from 'node:fs';

/** One row of the table of `docs/errors.md`. */
export interface ErrorRow {
  readonly cause: string;
  readonly way: string;
  readonly client: string;
  readonly journal: string;
}

/** The rows of the only table with these four columns. */
export function readErrorTable(file: string): ErrorRow[] {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head, , ...body] = rows;
  if (head?.join() !== 'Cause,Way in,The client sees,The journal says')
    throw new Error('the table has changed');
  return body.map(([cause = '', way = '', client = '', journal = '']) => ({ cause, way, client, journal }));
}
