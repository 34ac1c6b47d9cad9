/** When to look, after the start of the command: what is short ends before. */
const FIRST_MS = [20, 60, 150];
/** Of the time until then at most one part in so many is taken by looking. */
const FIRST_SHARE = 10;
const USUAL_MS = 250;
const MAX_MS = 5_000;
/** Looking takes at most one part in so many of a processor: a big machine has big tables. */
const SHARE = 64;

/** Decides when to look, and remembers how blind that leaves us. All times are milliseconds of one clock. */
export class SamplingSchedule {
  /** How often it was looked. */
  samples = 0;
  /** The longest time without a look. */
  longestGapMs = 0;
  readonly #startedAt: number;
  #lastAt: number;

  constructor(now: number) {
    this.#startedAt = now;
    this.#lastAt = now;
  }

  looked(now: number): void {
    this.samples++;
    this.ended(now);
  }

  /** Nothing more can be seen. */
  ended(now: number): void {
    this.longestGapMs = Math.max(this.longestGapMs, now - this.#lastAt);
    this.#lastAt = now;
  }

  /** How long to wait for the next look when the last one took `costMs` of a processor. */
  wait(now: number, costMs: number): number {
    const first = FIRST_MS[this.samples];
    if (first !== undefined) return Math.max(0, this.#startedAt + first - now, costMs * FIRST_SHARE);
    return Math.min(MAX_MS, Math.max(USUAL_MS, costMs * SHARE));
  }
}
