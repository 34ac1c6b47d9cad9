import type { Command } from 'commander';
import { version } from '../audit/version.ts';
import { createRunCommand } from './options.ts';
import { listUsages, subcommandUsages } from './usage.ts';

const EXAMPLES = `
Commands:
${listUsages(subcommandUsages)}

Examples:
  proxaudit -- npm ci
  proxaudit -c 'curl -fsSL https://host.example/install.sh | sh'
  proxaudit --report markdown=summary.md -- make
  proxaudit < build.sh

Exit status: the command's own; 125 when proxaudit could not start or, after a command that succeeded, could not
record; 126 and 127 when the command could not be executed or found. Other commands: 2 for bad usage or input.
Each option has a variable, for example PROXAUDIT_OUTPUT for --output.`;

/** The command line without subcommands; `--help` tells about all of it. */
export function createMainCommand(): Command {
  return createRunCommand().version(version, '-V, --version').addHelpText('after', EXAMPLES);
}
