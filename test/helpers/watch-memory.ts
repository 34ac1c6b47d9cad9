import { readFileSync } from 'node:fs';

/** Resident memory of a process, in MB; undefined when it is gone. */
function residentMegabytes(pid: number): number | undefined {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return line === undefined ? undefined : Number(line) / 1024;
  } catch {
    return undefined;
  }
}

export interface MemoryWatch {
  /** What it is now becomes the base. */
  start(): void;
  /** Stops; by how much the highest value seen was above the base, in MB. */
  stop(): { base: number; growth: number };
}

/** Samples the memory of a process ten times a second. Linux only. */
export function watchMemory(pid: number): MemoryWatch {
  let base = Number.NaN;
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, residentMegabytes(pid) ?? 0);
  };
  const timer = setInterval(sample, 100);
  return {
    start() {
      base = residentMegabytes(pid) ?? Number.NaN;
      peak = base;
    },
    stop() {
      clearInterval(timer);
      return { base: Math.round(base), growth: Math.round(peak - base) };
    },
  };
}
