import { basename } from 'node:path';
import { findTool, type Tool } from './package-tools.ts';
import { readNamedPlaces, type Worker } from './work-places.ts';

/** A lockfile, as far as that tells who reads it. Paths are relative to the run's directory. */
export interface ReadableLockfile {
  readonly path: string;
  /** What names it, where that is not its place: `--lockfile`, `$VARIABLE`, or the file that includes it. */
  readonly namedBy?: string | undefined;
  readonly ecosystem: string;
}

/** `unrelated`: a tool that is known, of another ecosystem. `unknown`: no tool that is known. */
export type Relation = 'reads' | 'ignores' | 'unrelated' | 'unknown';

/** Names `--lockfile` in `namedBy`: who is told so by the user accounts for all. */
export const GIVEN = '--lockfile';

/**
 * Whether a lockfile accounts for what a process fetches: it, or what started it, reads the lockfile, or is nothing that
 * is known to do without. What `cargo install` fetches is in no lockfile of the working directory.
 * @param run the run's own command, for a process that is not known, or hides its options.
 */
export function accountsFor(
  lockfile: ReadableLockfile,
  worker: Worker | undefined,
  run: readonly string[] = [],
): boolean {
  const relations =
    worker === undefined
      ? relateCommand(lockfile, run)
      : chainOf(worker, run).map((one) => relate(lockfile, one));
  return relations.includes('reads') || !relations.includes('ignores');
}

/** How each of the commands of a command line, which may be that of a shell, stands to a lockfile. */
export function relateCommand(lockfile: ReadableLockfile, command: readonly string[]): Relation[] {
  return segmentsOf(command).map((segment) => relate(lockfile, { cwd: '.', command: segment }));
}

function chainOf(worker: Worker, run: readonly string[]): Worker[] {
  const { cwd, parents = [] } = worker;
  return [
    { cwd, command: withOptions(worker, run) },
    // Where they worked is not known.
    ...parents.map((parent) => ({ cwd: undefined, command: parent.command })),
  ];
}

/** npm writes a name without options over its command line. What started it may still have them. */
function withOptions({ command, parents }: Worker, run: readonly string[]): readonly string[] {
  const [title = ''] = command;
  if (command.length !== 1 || !/^\S+ /.test(title)) return command;
  const words = title.split(/\s+/);
  const started = segmentsOf(parents?.[0]?.command ?? run);
  const same = started.find((segment) => words.every((word) => segment.some((one) => isNamedSo(one, word))));
  return same ?? words;
}

function isNamedSo(one: string, word: string): boolean {
  return one === word || basename(one) === word || (word === 'exec' && /(?:^|\/)npx$/.test(one));
}

const shell = /^(?:ba|da|z|k|a)?sh$/;

/** The commands of `sh -c LINE`, roughly; any other command as it is. */
function segmentsOf(command: readonly string[]): readonly (readonly string[])[] {
  const at = command.findIndex((word) => /^-[a-z]*c$/.test(word));
  const line = command[at + 1];
  if (at < 1 || line === undefined || !shell.test(basename(command[0] ?? ''))) return [command];
  return line
    .slice(0, MAX_LINE)
    .split(/&&|\|\||[;|&\n(){}]/)
    .map((segment) => segment.trim().split(/\s+/))
    .filter(([first]) => first !== '');
}

const MAX_LINE = 16_384;

function relate(lockfile: ReadableLockfile, worker: Worker): Relation {
  const { namedBy } = lockfile;
  if (namedBy === GIVEN) return 'reads';
  const found = findTool(worker.command);
  if (found === undefined) return 'unknown';
  const { tool, words } = found;
  if (tool.ecosystem !== lockfile.ecosystem) return 'unrelated';
  if (isNamed(lockfile, worker, tool)) return 'reads';
  const use = tool.useOf(words);
  if (use === 'unknown') return 'unknown';
  return use === 'reads' && tool.lockfiles.test(basename(lockfile.path)) ? 'reads' : 'ignores';
}

/** By an option of the command line, or by a variable that the tool reads. */
function isNamed({ path, namedBy }: ReadableLockfile, worker: Worker, { variables }: Tool): boolean {
  if (namedBy?.startsWith('$')) return variables?.test(namedBy) ?? false;
  const root = namedBy ?? path;
  const { files } = readNamedPlaces(worker);
  // Outside of the run's directory the one may be absolute and the other not; of a parent the directory is not known.
  const isLoose = root.startsWith('..') || worker.cwd === undefined;
  return files.some((file) => file === root || (isLoose && basename(file) === basename(root)));
}
