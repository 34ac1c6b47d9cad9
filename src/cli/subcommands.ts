import type { Surroundings } from './run-command.ts';

/** Does a subcommand, and returns the exit status. */
export type Subcommand = (args: readonly string[], surroundings: Surroundings) => Promise<number>;

interface Entry {
  readonly usage: string;
  readonly description: string;
  /** Apart from the rest: a run needs none of it. */
  readonly load: () => Promise<Subcommand>;
}

const entries: Readonly<Record<string, Entry>> = {
  report: {
    usage: 'report [options] [JOURNAL…]',
    description: 'report on recorded runs again; the last one without a journal, - is stdin',
    load: async () => (await import('./report-command.ts')).reportCommand,
  },
  runs: {
    usage: 'runs [list|show|prune]',
    description: 'list the recorded runs, show one, remove old ones',
    load: async () => (await import('./runs-command.ts')).runsCommand,
  },
  env: {
    usage: 'env [options]',
    description: 'print the variables that lead other commands to a running proxaudit, for eval',
    load: async () => (await import('./env-command.ts')).envCommand,
  },
  ca: {
    usage: 'ca create|show|export',
    description: 'make a CA of your own for --ca-cert, show one, export it for other tools',
    load: async () => (await import('./ca-command.ts')).caCommand,
  },
};

export function findSubcommand(word: string): Entry | undefined {
  return Object.hasOwn(entries, word) ? entries[word] : undefined;
}

/** The lines of `--help`. */
export function describeSubcommands(): string {
  return describeEntries(Object.values(entries));
}

export function describeEntries(all: readonly { usage: string; description: string }[]): string {
  return all.map(({ usage, description }) => `  ${usage.padEnd(34)} ${description}`).join('\n');
}
