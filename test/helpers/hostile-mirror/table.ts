import { clients, tricks } from './matrix.ts';

/** Results by trick and client. */
export type Results = ReadonlyMap<string, string>;

export const keyOf = (trick: string, client: string): string => `${trick} ${client}`;

const begin = '<!-- tricks:begin -->';
const end = '<!-- tricks:end -->';

/** The table of tricks as the threat model has it. */
export function formatTable(results: Results): string {
  const rows = tricks.map(({ id, says }) => [
    `\`${id}\`: ${says}`,
    ...clients.map((client) => results.get(keyOf(id, client)) ?? ''),
  ]);
  const lines = [['what the mirror does', ...clients], ['---', ...clients.map(() => '---')], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The results that the table in a document tells. */
export function readTable(document: string): Results {
  const results = new Map<string, string>();
  for (const line of sectionOf(document).split('\n')) {
    const [first = '', ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [, id] = /^`([^`]+)`:/.exec(first) ?? [];
    if (id !== undefined)
      clients.forEach((client, index) => results.set(keyOf(id, client), cells[index] ?? ''));
  }
  return results;
}

export function withTable(document: string, table: string): string {
  const [before = ''] = document.split(begin);
  return `${before}${begin}\n\n${table}\n\n${document.slice(document.indexOf(end))}`;
}

function sectionOf(document: string): string {
  return document.slice(document.indexOf(begin) + begin.length, document.indexOf(end));
}
