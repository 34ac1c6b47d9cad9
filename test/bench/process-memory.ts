import { readFileSync, writeFileSync } from 'node:fs';

const field = (pid: number, name: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
};

/** Resident memory now, in MiB. Linux only. */
export const residentMb = (pid: number): number => field(pid, 'VmRSS');

/** The most resident memory since the start or the last `forgetPeak`, in MiB. */
export const peakMb = (pid: number): number => field(pid, 'VmHWM');

/** Makes the kernel count the peak anew (proc(5), clear_refs). */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
