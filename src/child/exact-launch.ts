import { randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AuditError } from '../support/errors.ts';
import { encodeBytes, hasRawBytes, showRawBytes } from '../support/raw-bytes.ts';
import type { Launch } from './launch.ts';

const SHELL = '/bin/sh';
const ENV = ['/usr/bin/env', '/bin/env'];

/** Whether Node, which gives strings as UTF-8, could not start it as it is. */
export function needsExactLaunch({ command, args, env }: Launch): boolean {
  return (
    [command, ...args].some(hasRawBytes) ||
    Object.entries(env).some(([name, value]) => hasRawBytes(name) || hasRawBytes(value ?? ''))
  );
}

/**
 * How to start a command with bytes that are not UTF-8: a script of the shell, whose bytes are ours to choose, becomes
 * `env`, which becomes the command with exactly these arguments and variables. It is one process all the time, so that
 * its number, group, descriptors and exit status are the command's. The shell and `env` set nothing that the command
 * would see: its environment is made by `env` alone. Throws `AuditError` code `cannot-start` where that cannot be done.
 */
export function prepareExactLaunch(launch: Launch, directory: string): Launch {
  const env = ENV.find(isProgram);
  if (env === undefined || !isProgram(SHELL)) {
    throw cannotStart(`${SHELL} and ${ENV.join(' or ')} are needed for it, and not there`);
  }
  if (launch.command.includes('=') || launch.argv0 !== undefined) {
    throw cannotStart(
      `a program of such a name cannot be started with them: ${showRawBytes(launch.command)}`,
    );
  }
  const variables = Object.entries(launch.env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const words = [env, '-i', '--', ...variables, launch.command, ...launch.args];
  const script = path.join(directory, `start-${randomUUID()}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const line = [Buffer.from('exec'), ...words.flatMap((word) => [Buffer.from(' '), quote(word)])];
    writeFileSync(script, Buffer.concat([...line, Buffer.from('\n')]), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw cannotStart(cause instanceof Error ? cause.message : String(cause));
  }
  // In any other locale a shell may take bytes of a quoted word for a part of a longer character.
  return { ...launch, command: SHELL, args: [script], env: { LC_ALL: 'C' } };
}

/** The code with which the system would refuse it: `env` would say so in its own words. Undefined where it would start. */
export function findRefusal({ command, env, cwd }: Launch): 'ENOENT' | 'EACCES' | undefined {
  const directories = command.includes('/') ? [''] : (env['PATH'] ?? '/bin:/usr/bin').split(':');
  const files = directories
    .map((directory) => encodeBytes(path.resolve(cwd, directory, command)))
    .filter((file) => statSync(file, { throwIfNoEntry: false }) !== undefined);
  if (files.length === 0) return 'ENOENT';
  return files.some(isProgram) ? undefined : 'EACCES';
}

/** One word of a shell, whatever is in it. */
function quote(word: string): Buffer {
  return encodeBytes(`'${word.replaceAll("'", String.raw`'\''`)}'`);
}

function isProgram(file: string | Buffer): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function cannotStart(reason: string): AuditError {
  return new AuditError('cannot-start', `an argument or a variable is not UTF-8, and ${reason}`, {
    hint: 'Give the command arguments and variables in UTF-8.',
  });
}
