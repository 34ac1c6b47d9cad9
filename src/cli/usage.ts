import { wrap } from '../../reports/text/fit.ts';

/** How something is called, and what it does. */
export interface Usage {
  readonly usage: string;
  readonly description: string;
}

/** As wide as commander makes the rest of a help that goes to no terminal. */
const COLUMNS = 80;

/** The lines of a `--help`: what is done below or beside how it is called. */
export function listUsages(all: readonly Usage[]): string {
  const column = Math.min(30, Math.max(...all.map(({ usage }) => usage.length))) + 4;
  return all
    .flatMap(({ usage, description }) => {
      const [first = '', ...rest] = wrap(description, COLUMNS - column);
      const start = `  ${usage}`;
      const own =
        start.length + 2 <= column ? [start.padEnd(column) + first] : [start, indent(first, column)];
      return [...own, ...rest.map((line) => indent(line, column))];
    })
    .join('\n');
}

function indent(line: string, columns: number): string {
  return ' '.repeat(columns) + line;
}

/** What proxaudit does besides runs. `dispatch.ts` knows how. */
export const subcommandUsages: readonly Usage[] = [
  {
    usage: 'report [options] [JOURNAL…]',
    description: 'report on recorded runs again; the last one without a journal, - is stdin',
  },
  { usage: 'runs [list|show|prune]', description: 'list the recorded runs, show one, remove old ones' },
  {
    usage: 'diff [options] BASE HEAD',
    description: 'what differs between two runs, or a lock file and a run',
  },
  {
    usage: 'lock [options] [JOURNAL…]',
    description: 'write the hosts and artifacts of a run to proxaudit.lock, or --check a run against it',
  },
  {
    usage: 'env [options]',
    description: 'print the variables that lead commands to a running proxaudit, for eval',
  },
  {
    usage: 'ca create|show|export',
    description: 'make a CA of your own for --ca-cert, show one, export it for other tools',
  },
];
