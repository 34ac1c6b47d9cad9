import { trimEndOf } from './trim-end.ts';

/** What Linux tells about a process in `/proc/PID/stat` (proc_pid_stat(5)). */
export interface ProcessStat {
  /** At most 15 bytes, chosen by the process itself. */
  readonly name: string;
  /** One letter: `R`, `S`, `T` (stopped), `Z` (zombie), … */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** The foreground process group of its terminal; -1 without one. */
  readonly foregroundGroup: number;
  /** Clock ticks after boot: with the pid it names a process for ever, though pids come again. */
  readonly startTime: number;
  /** Where the stack begins: the kernel draws it anew for each program, so that it tells one `exec` from the next. */
  readonly stackStart: number;
}

/** Parses the text of `/proc/PID/stat`; undefined when it is cut short. The name may hold spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const [state, parent, group] = fields;
  const foregroundGroup = fields[5];
  const startTime = fields[19];
  if (state === undefined || parent === undefined || group === undefined) return undefined;
  const stackStart = fields[25];
  if (foregroundGroup === undefined || startTime === undefined || stackStart === undefined) return undefined;
  return {
    name: text.slice(open + 1, close),
    state,
    parent: Number(parent),
    group: Number(group),
    foregroundGroup: Number(foregroundGroup),
    startTime: Number(startTime),
    stackStart: Number(stackStart),
  };
}

/** The value of a variable in the text of `/proc/PID/environ`: the environment the program was started with. */
export function findInEnvironment(environ: string, name: string): string | undefined {
  const wanted = `\0${name}=`;
  const text = `\0${environ}`;
  const at = text.indexOf(wanted);
  if (at === -1) return undefined;
  const start = at + wanted.length;
  const end = text.indexOf('\0', start);
  return text.slice(start, end === -1 ? undefined : end);
}

/** The arguments in the text of `/proc/PID/cmdline`. A program that renamed itself leaves NULs at the end. */
export function splitCommandLine(text: string): string[] {
  const trimmed = trimEndOf(text, '\0');
  return trimmed === '' ? [] : trimmed.split('\0');
}
