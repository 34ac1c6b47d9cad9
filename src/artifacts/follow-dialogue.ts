import type { Observation } from '../model/observer.ts';
import { headerReader } from './header-reader.ts';
import type { Dialogue } from './recogniser.ts';
import type { Register } from './register.ts';

/** Lets both bodies of an exchange pass a dialogue, and states what it brought when all of the response has come. */
export function followDialogue(
  dialogue: Dialogue,
  { url, exchangeId, register }: { url: string; exchangeId: string; register: Register },
): Observation {
  let isFollowed = false;
  return {
    ...(dialogue.request === undefined ? {} : { requestBody: { sink: dialogue.request } }),
    response({ status, headers }) {
      const sink = dialogue.response(status, headerReader(headers));
      isFollowed = sink !== undefined;
      return sink === undefined ? undefined : { sink };
    },
    ended({ response, process }) {
      if (!isFollowed || response?.complete !== true) return;
      for (const { identity, direction, size, digests, published = [] } of dialogue.conclude(response)) {
        const body = { size, digests, complete: true };
        const sighting = {
          body,
          form: undefined,
          process,
          urls: [url],
          exchangeIds: [exchangeId],
          published,
        };
        register.add(identity, { ...sighting, direction });
      }
    },
  };
}
