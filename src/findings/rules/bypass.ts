import type { Rule, Sighting } from '../rule.ts';

export const bypass: Rule = {
  id: 'bypass',
  look: ({ run }) =>
    run.blindSpots
      .filter(({ kind }) => kind === 'bypass')
      .map(({ subject, advice, process, count }): Sighting => ({
        subject,
        message: 'it connected to the network without the proxy, unseen',
        ...(advice === '' ? {} : { advice }),
        ...(process === undefined ? {} : { process }),
        count,
      })),
};
