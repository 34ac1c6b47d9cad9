import type { Process } from '../model/exchange.ts';
import { splitCommandLine } from '../support/procfs.ts';
import { findLifecycle, type Environment } from './lifecycle.ts';
import { readEnviron, readProcessFile, readProcessStat } from './process-files.ts';

export interface Redaction {
  text(text: string): string;
  command(argv: readonly string[]): string[];
}

/** Read of a command line: what may be in the journal is cut far below, and only after redaction. */
const COMMAND_BYTES = 128 * 1024;
/** Kept of it, in characters: it is stored with every exchange of the process. */
const MAX_COMMAND_LENGTH = 2_048;
const MAX_CACHED = 512;

/**
 * Makes a function that describes a process, with the package and the lifecycle script that its environment names.
 * A description is read once for each program a process runs. Undefined when the process is gone.
 */
export function createDescriber(
  redaction: Redaction,
  ownEnvironment: Environment,
): (pid: number) => Promise<Process | undefined> {
  const cache = new Map<string, Promise<Process>>();
  return async (pid) => {
    const stat = await readProcessStat(pid);
    if (stat === undefined) return undefined;
    // exec changes the name and nothing else of these.
    const key = `${pid} ${stat.startTime} ${stat.name}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const description = describe(pid, stat.name);
    cache.set(key, description);
    // A program that is just being executed has its name already and no command line yet.
    if ((await description).command.length === 0) cache.delete(key);
    for (const oldest of cache.keys()) {
      if (cache.size <= MAX_CACHED) break;
      cache.delete(oldest);
    }
    return description;
  };

  async function describe(pid: number, name: string): Promise<Process> {
    const [commandLine, environ] = await Promise.all([
      readProcessFile(pid, 'cmdline', COMMAND_BYTES),
      readEnviron(pid),
    ]);
    const { packageName, script } = findLifecycle(environ ?? '', ownEnvironment);
    return {
      pid,
      name: redaction.text(name),
      command: shorten(redaction.command(splitCommandLine(commandLine ?? ''))),
      ...(packageName === undefined ? {} : { package: redaction.text(packageName) }),
      ...(script === undefined ? {} : { script: redaction.text(script) }),
    };
  }
}

/** The first arguments, and an ellipsis where some or the rest of one is missing. */
function shorten(command: readonly string[]): string[] {
  const kept: string[] = [];
  let room = MAX_COMMAND_LENGTH;
  for (const argument of command) {
    if (argument.length >= room) return [...kept, `${argument.slice(0, room)}…`];
    kept.push(argument);
    room -= argument.length + 1;
  }
  return kept;
}
