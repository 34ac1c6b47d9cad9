import { mkdirSync, writeFileSync } from 'node:fs';

export interface ClientRow {
  readonly client: string;
  readonly tier: 'hermetic' | 'real';
  readonly scheme: string;
  readonly requests: number;
}

const directory = '.vitest-results/clients';

/** Notes that a client was really run and every request of it seen; the README's table is made of these notes. */
export function recordClient(row: ClientRow): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/${row.tier}-${row.client}-${row.scheme}.json`, JSON.stringify(row));
}
