import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { isLockfileName } from './lockfile-names.ts';
import { findTool } from './package-tools.ts';

/** A program at work, as far as that tells which lockfiles are its own. */
export interface Worker {
  /** Relative to the run's directory, or absolute outside of it. */
  readonly cwd?: string | undefined;
  readonly command: readonly string[];
  /** Nearest first. */
  readonly parents?: readonly { readonly command: readonly string[] }[] | undefined;
}

/** What a command line names, in the way of `Worker.cwd`. */
export interface NamedPlaces {
  /** Where it is to work. */
  readonly directories: readonly string[];
  /** What it is to install; pip takes URLs too. */
  readonly files: readonly string[];
}

/** Options of npm, pnpm, Yarn, Bun, Cargo, Go, Poetry, uv, Gradle and make that say where to work. */
const directoryOptions = new Set(
  '-C --cwd --dir --directory --manifest-path --prefix --project --project-dir'.split(' '),
);
/** Options of pip, uv and Pipenv that name what to install. */
const fileOptions = ['--constraints', '--requirements'];
/** As long as a shortened one must be, so that it means no other. */
const MIN_OPTION = '--cons'.length;
const MAX_ARGUMENTS = 256;

export function readNamedPlaces(worker: Worker): NamedPlaces {
  const { cwd = '.' } = worker;
  const argv = argumentsOf(worker).slice(0, MAX_ARGUMENTS);
  const isFile = fileTestFor(argv);
  const directories: string[] = [];
  const files: string[] = [];
  for (const [index, argument] of argv.entries()) {
    const { option, value = argv[index + 1] ?? '' } = splitOption(argument);
    if (value !== '' && directoryOptions.has(option)) directories.push(within(cwd, directoryOf(value)));
    else if (namesFile(option) && isFile(value)) files.push(within(cwd, value));
    else if (isLockfileName(basename(argument)) || isFile(argument, 'alone'))
      files.push(within(cwd, argument));
  }
  return { directories, files };
}

/** Whether a word is a list of packages, after an option or alone: other programs mean something else by such options. */
function fileTestFor(argv: readonly string[]): (word: string, place?: 'alone') => boolean {
  const isPython = findTool(argv)?.tool.ecosystem === 'pypi';
  // `uv pip sync` takes them without an option.
  const isSync = isPython && argv.includes('sync');
  return (word, place) => {
    if (place === 'alone') return isSync && /^[^-].*\.txt$/.test(word);
    return word !== '' && (isPython || word.endsWith('.txt'));
  };
}

/** pip takes long options shortened, and short ones together. */
function namesFile(option: string): boolean {
  if (/^-[a-zA-Z]*[cr]$/.test(option)) return true;
  return option.length >= MIN_OPTION && fileOptions.some((name) => name.startsWith(option));
}

/** `--prefix=web` and `-rdev.txt` have their value with them. */
function splitOption(argument: string): { readonly option: string; readonly value?: string | undefined } {
  const [, option, value] = /^(--[\w-]+)=(.+)$/.exec(argument) ?? /^(-[cCr])(.+)$/.exec(argument) ?? [];
  return option === undefined ? { option: argument } : { option, value };
}

/** npm writes a name without options over its command line; the shell that ran it may still have them. */
function argumentsOf({ command, parents }: Worker): readonly string[] {
  if (command.length !== 1) return command;
  const [, option, line = ''] = parents?.[0]?.command ?? [];
  return option === '-c' ? line.split(/\s+/) : command;
}

/** Whether a lockfile says what a process may install: one without a place says it for all. */
export function holdsFor(place: string | undefined, worker: Worker | undefined): boolean {
  return place === undefined || (worker !== undefined && worksAt(place, worker));
}

/**
 * Whether what lies in `place`, a directory in the way of `Worker.cwd`, is a worker's own: it works there or below, or
 * its command line names the place or a file in it.
 */
function worksAt(place: string, worker: Worker): boolean {
  if (worker.cwd !== undefined && isWithin(place, worker.cwd)) return true;
  const { directories, files } = readNamedPlaces(worker);
  return directories.includes(place) || files.some((file) => dirname(file) === place);
}

/** Both in the way of `Worker.cwd`. */
export function isWithin(directory: string, path: string): boolean {
  if (isAbsolute(directory) !== isAbsolute(path)) return false;
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function within(cwd: string, path: string): string {
  if (/^[a-z]+:\/\//i.test(path)) return path;
  return isAbsolute(path) ? join(path) : join(cwd, path);
}

/** Of a manifest its directory. */
function directoryOf(value: string): string {
  return /^(?:Cargo\.toml|package\.json|pyproject\.toml)$/.test(basename(value)) ? dirname(value) : value;
}
