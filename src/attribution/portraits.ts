import { realpathSync } from 'node:fs';
import path from 'node:path';
import { BoundedMap } from '../support/bounded-map.ts';
import { findInEnvironment, splitCommandLine, type ProcessStat } from '../support/procfs.ts';
import type { Evidence } from './lifecycle/evidence.ts';
import { isSameEvidence } from './lifecycle/evidence.ts';
import { findEvidence } from './lifecycle/index.ts';
import { readEnviron, readProcessFile, readProcessLink, readProcessStat } from './process-files.ts';

export interface Redaction {
  text(text: string): string;
  command(argv: readonly string[]): string[];
}

export interface RunContext {
  /** The value of PROXAUDIT_ACTIVE_RUN in the environment of the run's processes. */
  readonly runId: string;
  /** The run's working directory. */
  readonly cwd: string;
  /** Our own environment: what stands in it as well (`npm run audit` → proxaudit → npm) says nothing about a process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Applied to all that a process says about itself. */
  readonly redaction: Redaction;
}

/** One program that a process runs, looked at once. Everything in it is redacted. */
export interface Portrait {
  readonly pid: number;
  /** Stands for this program in this process for ever, though pids come again. */
  readonly key: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly executable: string | undefined;
  readonly cwd: string | undefined;
  readonly evidence: readonly Evidence[];
  /** It has the run's environment. */
  readonly isOfRun: boolean;
}

/** A portrait, and who the parent is now: an orphan gets another one. */
export interface Sitting {
  readonly portrait: Portrait;
  readonly parent: number;
}

/** Read of a command line: what may be in the journal is cut far below, and only after redaction. */
const COMMAND_BYTES = 128 * 1024;
const METADATA_BYTES = 16 * 1024;
const MAX_CACHED = 512;
/** A process may become another program while it is looked at. */
const MAX_ATTEMPTS = 3;

/** Makes a function that portrays a process; undefined when it is gone. Each program of a process is read once. */
export function createPortraitist(context: RunContext): (pid: number) => Sitting | undefined {
  const cache = new BoundedMap<string, Portrait>(MAX_CACHED);
  const portray = createPainter(context);
  return (pid) => {
    for (let attempt = 1; ; attempt++) {
      const stat = readProcessStat(pid);
      if (stat === undefined) return undefined;
      const key = keyOf(pid, stat);
      const known = cache.get(key);
      if (known !== undefined) return { portrait: known, parent: stat.parent };
      const portrait = portray(key, pid, stat);
      const after = readProcessStat(pid);
      const isSame = after === undefined || keyOf(pid, after) === key;
      // A program that is just being executed has no command line yet.
      if (isSame && portrait.command.length > 0) {
        cache.set(key, portrait);
      } else if (attempt < MAX_ATTEMPTS) continue;
      return isSame ? { portrait, parent: stat.parent } : undefined;
    }
  };
}

function keyOf(pid: number, { startTime, stackStart, name }: ProcessStat): string {
  return `${pid} ${startTime} ${stackStart} ${name}`;
}

function createPainter({ runId, cwd, environment, redaction }: RunContext) {
  const base = resolveLinks(cwd);
  const inherited = findEvidence({
    argv: [],
    variable: (name) => environment[name] || undefined,
    cwd: undefined,
    read: () => undefined,
  });

  return (key: string, pid: number, stat: ProcessStat): Portrait => {
    const environ = readEnviron(pid) ?? '';
    const argv = splitCommandLine(readProcessFile(pid, 'cmdline', COMMAND_BYTES) ?? '');
    const directory = readProcessLink(pid, 'cwd');
    const executable = readProcessLink(pid, 'exe');
    const evidence = findEvidence({
      argv,
      variable: (name) => findInEnvironment(environ, name) || undefined,
      cwd: directory,
      read: (name) => readProcessFile(pid, `cwd/${name}`, METADATA_BYTES),
    });
    return {
      pid,
      key,
      name: redaction.text(nameOf(stat.name, executable)),
      command: redaction.command(argv),
      executable: executable === undefined ? undefined : redaction.text(executable),
      cwd: directory === undefined ? undefined : redaction.text(relativeTo(base, directory)),
      evidence: evidence.filter((one) => !inherited.some((other) => isSameEvidence(one, other))),
      isOfRun: findInEnvironment(environ, 'PROXAUDIT_ACTIVE_RUN') === runId,
    };
  };
}

/** Newer versions of Node call every main thread the same. */
function nameOf(name: string, executable: string | undefined): string {
  return name === 'MainThread' && executable !== undefined ? path.basename(executable) : name;
}

function relativeTo(base: string, directory: string): string {
  const relative = path.relative(base, directory);
  if (relative === '') return '.';
  return relative === '..' || relative.startsWith('../') ? directory : relative;
}

function resolveLinks(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
