import type { BodyWish, ObservedEnd } from '../model/observer.ts';

/** What one exchange waits for until it has ended. */
export interface Answered {
  readonly wish: BodyWish;
  /** Of a response that came whole. */
  readonly awaited: (end: Ended) => void;
  /** In place of `awaited` where it was cut short. */
  readonly cut: (end: Ended) => void;
  /** In place of both where there is nothing to go on with. */
  readonly discard: () => void;
}

type Ended = ObservedEnd & { readonly response: NonNullable<ObservedEnd['response']> };

/** What may be metadata, and may be an artifact: `first` takes from it, and is told of its end, before the other. */
export function joinAnswered(first: Answered, second: Answered): Answered {
  const sinks = [first.wish.sink, second.wish.sink].filter((sink) => sink !== undefined);
  return {
    wish: {
      ...second.wish,
      sink: (chunk) => {
        for (const sink of sinks) sink(chunk);
      },
    },
    awaited: (end) => {
      first.awaited(end);
      second.awaited(end);
    },
    cut: (end) => {
      first.cut(end);
      second.cut(end);
    },
    discard: () => {
      first.discard();
      second.discard();
    },
  };
}
