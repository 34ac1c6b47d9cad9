import type { Event } from '../model/events.ts';

type WithoutChain<E> = E extends Event ? Omit<E, 'v' | 'seq' | 'prev'> : never;

/** An event without its place in the chain: what was just recorded, or what was read back. */
export type RecordedEvent = WithoutChain<Event>;
export type RecordedEventOf<T extends RecordedEvent['type']> = Extract<RecordedEvent, { type: T }>;
