import type { Observation } from '../model/observer.ts';
import { isNotExamined } from './examine/not-examined.ts';
import { headerReader } from './header-reader.ts';
import type { Concluded, Dialogue, ReportNotExamined } from './recogniser.ts';
import type { Register } from './register.ts';
import type { UnderWay } from './under-way.ts';

interface Place {
  readonly url: string;
  readonly exchangeId: string;
  readonly register: Register;
  readonly underWay: UnderWay;
  readonly report: ReportNotExamined;
}

/** Lets both bodies of an exchange pass a dialogue, and states what it brought when all of the response has come. */
export function followDialogue(
  dialogue: Dialogue,
  { url, exchangeId, register, underWay, report }: Place,
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
      if (!isFollowed || response === undefined || response.complete === false) {
        dialogue.discard?.();
        return;
      }
      const state = (concluded: Concluded): void => {
        if (isNotExamined(concluded)) {
          report(url, concluded.notExamined);
          return;
        }
        for (const { identity, direction, size, digests, published = [] } of concluded) {
          const body = { size, digests, complete: true };
          const sighting = {
            ...{ body, form: undefined, process, published },
            ...{ urls: [url], exchangeIds: [exchangeId] },
          };
          register.add(identity, { ...sighting, direction });
        }
      };
      const concluded = dialogue.conclude(response);
      if (concluded instanceof Promise)
        underWay.add(concluded.then((late) => () => { state(late); })); // prettier-ignore
      else state(concluded);
    },
  };
}
