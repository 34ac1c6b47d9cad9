import type { Event } from '../model/events.ts';
import { parse } from './event-log.ts';

/** Hands a line of the journal to the caller's function. What that throws must not harm the recording. */
export function createFeed(onEvent: ((event: Event) => void) | undefined): (line: string) => void {
  if (onEvent === undefined) return () => undefined;
  return (line) => {
    try {
      onEvent(parse(line));
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}
