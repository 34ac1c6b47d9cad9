import { CommanderError, type Command, type Option } from 'commander';
import { redactMessage } from '../audit/index.ts';
import { AuditError } from '../support/errors.ts';
import { print, STDOUT } from './terminal.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Parses options alone: flag, then variable, then default; an empty variable counts as none. Throws `AuditError` code
 * `bad-usage`; `--help` and `--version` end in `CommanderError`.
 */
export function parseOptions(command: Command, args: readonly string[]): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      print(STDOUT, text);
    },
    outputError: () => undefined,
  });
  for (const { envVar } of command.options) {
    // commander reads process.env by itself, and the command gets none of these variables.
    if (envVar !== undefined && process.env[envVar] === '') Reflect.deleteProperty(process.env, envVar);
  }
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0) throw badUsage(tidy(error.message), command);
    throw error;
  }
  for (const option of command.options) readFlag(option, command, process.env);
}

/** For commander a flag's variable need only exist; here it says yes or no. `--no-…` is a flag that sets a no. */
function readFlag(option: Option, command: Command, env: Variables): void {
  const name = option.attributeName();
  const { envVar } = option;
  if (!isFlag(option) || envVar === undefined || command.getOptionValueSource(name) !== 'env') return;
  const text = env[envVar] ?? '';
  if (/^(?:1|true|yes|on)$/i.test(text)) return;
  if (!/^(?:0|false|no|off)$/i.test(text)) {
    throw badUsage(`variable ${envVar} is '${text}'; expected 1 or 0, true or false`, command);
  }
  command.setOptionValueWithSource(name, option.negate, 'env');
}

function isFlag(option: Option): boolean {
  return option.isBoolean() || option.negate;
}

function tidy(message: string): string {
  return message
    .replace(/^error: /, '')
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

function badUsage(message: string, command: Command): AuditError {
  return new AuditError('bad-usage', redactMessage(message, process.env), {
    hint: `See ${command.name()} --help.`,
  });
}
