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

Exit status: the command's own; 126 and 127 when it could not be executed or
found; 125 when proxaudit could not start or, where the command succeeded, could
not record or found its journal changed; 120 where the command succeeded and
the run has a finding of --fail-on. Other commands: 0, 120 for findings or
differences, 2 for bad usage or input.

Each option has a variable and a key in proxaudit.yaml: --upstream-ca is
PROXAUDIT_UPSTREAM_CA and upstream-ca. A flag counts more than a variable, that
more than a file. Read is $XDG_CONFIG_HOME/proxaudit/proxaudit.yaml, or --config
FILE alone; of one in the working directory, which the command can write, only
report, lockfile, no-lockfiles, baseline and waivers (a list of { finding,
subject, reason, expires }).`;

/** The command line without subcommands; `--help` tells about all of it. */
export function createMainCommand(): Command {
  return createRunCommand().version(version, '-V, --version').addHelpText('after', EXAMPLES);
}
