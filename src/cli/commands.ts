import type { Command } from 'commander';
import { version } from '../audit/version.ts';
import { createRunCommand } from './options.ts';

const EXAMPLES = `
Commands:
  report [options] [JOURNAL…]        report on recorded runs again; the last one without a journal, - is stdin

Examples:
  proxaudit -- npm ci
  proxaudit -c 'curl -fsSL https://host.example/install.sh | sh'
  proxaudit --report markdown=summary.md -- make
  proxaudit < build.sh

Exit status: the command's own; 125 when proxaudit could not start or, after a command that succeeded, could not
record; 126 and 127 when the command could not be executed or found. Other commands: 2 for bad usage or input.
Each option has a variable, for example PROXAUDIT_OUTPUT for --output.`;

const subcommands: ReadonlySet<string> = new Set(['report']);

export function isSubcommand(word: string): boolean {
  return subcommands.has(word);
}

/** The command line without subcommands; `--help` tells about all of it. */
export function createMainCommand(): Command {
  return createRunCommand().version(version, '-V, --version').addHelpText('after', EXAMPLES);
}
