import type { Process } from '../model/exchange.ts';
import type { FactOf, RecordFact } from '../model/events.ts';

/** Why something that came to us was not served. There are few different ones: nothing of what came is in them. */
export interface Refused {
  /** Default `refused`: it may have been the run's own. */
  readonly kind?: 'refused' | 'other-user';
  readonly subject: string;
  readonly advice?: string;
  readonly process?: Process | undefined;
}

/** Of each subject, told one by one. */
const MAX_TOLD_ALONE = 5;
const MAX_SUBJECTS = 100;

interface Tally {
  readonly fact: FactOf<'blind-spot'>;
  told: number;
  untold: number;
}

/**
 * Tells of each connection, and of each request, that was refused, so that none is dropped in silence. Many of the same
 * are told together: the events double what was told with each, so that a flood of connections is no flood of events.
 */
export class RefusedConnections {
  readonly #record: RecordFact;
  readonly #tallies = new Map<string, Tally>();

  constructor(record: RecordFact) {
    this.#record = record;
  }

  /** Does not throw: whoever fails to write to the journal first reports that. */
  add({ kind = 'refused', subject, advice = '', process }: Refused): void {
    const key = this.#tallies.size < MAX_SUBJECTS || this.#tallies.has(subject) ? subject : 'others';
    const fact = { type: 'blind-spot', kind, subject: key, advice } as const;
    const tally = this.#tallies.get(key) ?? { fact, told: 0, untold: 0 };
    this.#tallies.set(key, tally);
    tally.untold += 1;
    if (tally.told < MAX_TOLD_ALONE || tally.untold >= tally.told) this.#tell(tally, process);
  }

  /** Tells what is not told yet. */
  conclude(): void {
    for (const tally of this.#tallies.values()) if (tally.untold > 0) this.#tell(tally);
  }

  #tell(tally: Tally, process?: Process): void {
    const { fact, untold: count } = tally;
    tally.told += count;
    tally.untold = 0;
    try {
      this.#record({
        ...fact,
        ...(process === undefined ? {} : { process }),
        ...(count === 1 ? {} : { count }),
      });
    } catch {
      // The journal has failed, and its owner knows.
    }
  }
}
