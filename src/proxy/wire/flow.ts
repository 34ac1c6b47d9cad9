import type { Endpoint } from '../endpoint.ts';
import { connectionReset, wasReset } from './when-ended.ts';

const PROBE_MS = 1_000;

/**
 * Pauses a stream and lets it go on. While it is paused nobody reads, and its socket hears of no reset: the system is asked
 * at an interval, and the stream destroyed when its peer is gone.
 */
export class Flow {
  readonly #endpoint: Endpoint;
  #timer: NodeJS.Timeout | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  pause(): void {
    const { stream } = this.#endpoint;
    if (!stream.isPaused()) stream.pause();
    this.#timer ??= setInterval(this.#probe, PROBE_MS).unref();
  }

  resume(): void {
    const { stream } = this.#endpoint;
    if (stream.isPaused()) stream.resume();
  }

  /** Streams pause and go on many times in a second: a timer that is not needed ends by itself. */
  readonly #probe = (): void => {
    const { stream } = this.#endpoint;
    if (!stream.isPaused() || stream.destroyed) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (wasReset(this.#endpoint)) {
      stream.destroy(connectionReset());
    }
  };
}
