import { accessSync, closeSync, constants, openSync, readSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Exit } from '../model/outcome.ts';
import { AuditError } from '../support/errors.ts';
import { showRawBytes } from '../support/raw-bytes.ts';
import type { Launch } from './launch.ts';
import { parseShebang } from './shebang.ts';

type NotStarted = Extract<Exit, { kind: 'not-started' }>;

/** The system, not the command, is at fault: it has no room for another process. */
const EXHAUSTED: ReadonlySet<string> = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']);
/** What execvp(3) searches when there is no PATH. */
const DEFAULT_PATH = '/bin:/usr/bin';

/**
 * Says why a command could not be started, with the exit status `env` and `timeout` give: 127 when something was not
 * found, else 126. Throws `AuditError` code `cannot-start` when it is the working directory or the system.
 */
export function explainSpawnFailure(code: string, launch: Launch): NotStarted {
  const shown = quote(launch.command);
  if (!canEnter(launch.cwd)) {
    throw new AuditError('cannot-start', `The working directory ${quote(launch.cwd)} cannot be entered.`, {
      hint: 'Change to a directory that exists and that you may enter, and run it again.',
    });
  }
  if (EXHAUSTED.has(code)) {
    throw new AuditError(
      'cannot-start',
      `The system could not start another process for ${shown} (${code}).`,
      {
        hint: 'Free memory, or raise the limits that `ulimit -a` shows.',
      },
    );
  }
  const file = findProgram(launch);
  if (code === 'ENOENT') return notStarted(127, explainMissing(launch, file));
  if (code === 'E2BIG') return notStarted(126, `${shown}: the arguments and the environment are too long`);
  if (file !== undefined && isDirectory(file)) return notStarted(126, `${shown} is a directory`);
  if (code === 'EACCES') return notStarted(126, `${shown} is not executable (permission denied)`);
  if (code === 'ENOEXEC') return notStarted(126, `${shown} is not a program this system can run`);
  return notStarted(126, `${shown} could not be executed (${code})`);
}

function notStarted(code: 126 | 127, message: string): NotStarted {
  return { kind: 'not-started', code, message };
}

function explainMissing({ command }: Launch, file: string | undefined): string {
  if (file === undefined) {
    return command.includes('/')
      ? `${quote(command)} does not exist`
      : `${quote(command)} was not found in PATH`;
  }
  const interpreter = parseShebang(readHead(file))?.interpreter;
  if (interpreter === undefined)
    return `${quote(command)}: its loader does not exist (made for another system?)`;
  const ending = interpreter.endsWith('\r') ? '; the script has Windows line ends' : '';
  return `${quote(command)}: its interpreter ${quote(interpreter)} does not exist${ending}`;
}

/** The file that was meant: the first one of that name in PATH, executable or not. */
function findProgram({ command, env, cwd }: Launch): string | undefined {
  if (command === '') return undefined;
  const directories = command.includes('/') ? [''] : (env['PATH'] ?? DEFAULT_PATH).split(':');
  return directories.map((directory) => path.resolve(cwd, directory, command)).find(exists);
}

function exists(file: string): boolean {
  return inspect(file) !== undefined;
}

function isDirectory(file: string): boolean {
  return inspect(file)?.isDirectory() ?? false;
}

function inspect(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

function canEnter(directory: string): boolean {
  try {
    accessSync(directory, constants.X_OK);
    return isDirectory(directory);
  } catch {
    return false;
  }
}

function readHead(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const head = Buffer.alloc(256);
      return head.toString('utf8', 0, readSync(descriptor, head));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

/** Names may hold anything; a terminal must not get its control characters. */
function quote(name: string): string {
  return /^[\x21-\x26\x28-\x7e]+$/.test(name) ? name : JSON.stringify(showRawBytes(name));
}
