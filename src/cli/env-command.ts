import { Command, Option } from 'commander';
import {
  environmentOfActiveRun,
  environmentOfProxy,
  type PrintedEnvironment,
} from '../audit/printed-environment.ts';
import { AuditError } from '../support/errors.ts';
import { parseFile } from './option-values.ts';
import { parseOptions } from './parse-options.ts';
import { shellFormats, writeVariables } from './shell-formats.ts';
import type { Surroundings } from './surroundings.ts';
import { print, printNote, STDOUT } from './terminal.ts';

interface EnvOptions {
  readonly address?: string;
  readonly ca?: string;
  readonly dir?: string;
  readonly includeLocal?: boolean;
  readonly format: string;
}

const DESCRIPTION = `Prints the variables that lead commands to a proxaudit that is running, and make them trust its CA:
  eval "$(proxaudit env --address 127.0.0.1:8080 --ca ca.pem)"
  proxaudit env --format github … >> "$GITHUB_ENV"
Without --address: those of the run that it is called in. The files that the variables name are written into a \
directory of yours, which stderr tells; it stays until its CA has expired, or you remove it.`;

/** `proxaudit env`. */
export async function envCommand(
  args: readonly string[],
  { bundleDirectory }: Surroundings,
): Promise<number> {
  const command = new Command('proxaudit env')
    .description(DESCRIPTION)
    .argument('[nothing...]')
    .option('--address <host:port>', 'where the proxy listens')
    .option('--ca <file>', 'the certificate of its CA', parseFile)
    .option('--dir <dir>', 'write the files there, for example where a container sees them', parseFile)
    .option('--include-local', 'lead connections to loopback through it, too')
    .addOption(
      new Option('--format <format>', 'what is to read it')
        .choices(shellFormats.map(({ id }) => id))
        .default('sh'),
    );
  parseOptions(command.usage('[options]'), args);
  refuseCommand(command.args);
  const options = command.opts<EnvOptions>();
  const environment = prepare(options, bundleDirectory);
  const format = shellFormats.find(({ id }) => id === options.format);
  if (format === undefined) throw new Error(`no format ${options.format}`);
  const { text, left } = writeVariables(format, environment.variables, environment.dropped);
  print(STDOUT, text);
  note(environment, left);
  return Promise.resolve(0);
}

/** `env` is a program as well. */
function refuseCommand(words: readonly string[]): void {
  if (words.length === 0) return;
  throw new AuditError('bad-usage', 'proxaudit env takes no command', {
    hint: 'To audit the program env: proxaudit -- env …',
  });
}

function prepare(options: EnvOptions, bundleDirectory: string): PrintedEnvironment {
  const { address, ca, dir: directory, includeLocal = false } = options;
  const { env } = process;
  if (address === undefined && ca === undefined) return environmentOfActiveRun(env);
  if (address === undefined || ca === undefined) {
    throw new AuditError('bad-usage', `${address === undefined ? '--address' : '--ca'} is missing`, {
      hint: 'Give both --address HOST:PORT and --ca FILE.',
    });
  }
  const cwd = process.cwd();
  return environmentOfProxy({ env, cwd, address, caFile: ca, directory, includeLocal, bundleDirectory });
}

function note({ directory, missing, bypassed }: PrintedEnvironment, left: readonly string[]): void {
  if (directory !== null) printNote(`files for these variables are in ${directory}`);
  if (left.length > 0) printNote(`not said, as the format cannot: ${left.join(', ')}`);
  if (missing.length > 0) {
    printNote(
      `not set, as there is no need here (no value of yours, or no such tool): ${missing.join(', ')}`,
    );
  }
  if (bypassed.length > 0) printNote(`not led there, as your NO_PROXY says: ${bypassed.join(', ')}`);
  printNote('not led there either: programs that ignore these variables');
}
