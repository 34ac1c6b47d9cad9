import { readFileSync, writeFileSync } from 'node:fs';

const field = (pid: number, name: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
};

/** Resident memory now, in MiB. Linux only. */
export const residentMb = (pid: number): number => field(pid, 'VmRSS');

/** The most resident memory since the start or the last `forgetPeak`, in MiB. */
export const peakMb = (pid: number): number => field(pid, 'VmHWM');

/** Processor time, user and system, of the process and not of its children, in milliseconds; to 10 ms. Linux only. */
export function processorMs(pid: number): number {
  const [user = 0, system = 0] = readTimes(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return user + system;
}

/** USER_HZ is 100 on every Linux. */
const TICK_MS = 10;

/** Of the text of `/proc/PID/stat`, in milliseconds: user and system time, and those of all descendants that ended. */
export function readTimes(stat: string): number[] {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map((ticks) => Number(ticks) * TICK_MS);
}

/** Makes the kernel count the peak anew (proc(5), clear_refs). */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
