import type { Arena } from './arena.ts';
import type { Contender } from './contender.ts';
import { forgetPeak, peakMb } from './process-memory.ts';

export interface Interleaved {
  readonly samples: Record<string, number[]>;
  readonly peaks: Record<string, number[]>;
}

export type Measure = (contender: Contender, notePeak: (pid: number | undefined) => void) => Promise<number>;

/** Measures every contender once per round, in turn, so that what else the machine does hits all of them alike. */
export async function interleave(
  arena: Arena,
  contenders: readonly Contender[],
  measure: Measure,
): Promise<Interleaved> {
  const samples: Record<string, number[]> = {};
  const peaks: Record<string, number[]> = {};
  for (let round = 0; round < arena.settings.sizes.rounds; round += 1) {
    for (const contender of contenders) {
      const { name } = contender;
      try {
        const value = await measure(contender, (pid) => note(peaks, name, pid));
        (samples[name] ??= []).push(value);
      } catch (error) {
        arena.say(`FAILED ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { samples, peaks };
}

function note(peaks: Record<string, number[]>, name: string, pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    (peaks[name] ??= []).push(peakMb(pid));
    forgetPeak(pid);
  } catch {
    // No /proc here, or the process is gone: memory is simply not told.
  }
}
