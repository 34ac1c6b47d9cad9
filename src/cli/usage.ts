/** How something is called, and what it does. */
export interface Usage {
  readonly usage: string;
  readonly description: string;
}

/** The lines of a `--help`. */
export function listUsages(all: readonly Usage[]): string {
  return all.map(({ usage, description }) => `  ${usage.padEnd(34)} ${description}`).join('\n');
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
