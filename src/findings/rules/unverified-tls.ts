import type { Rule } from '../rule.ts';

export const unverifiedTls: Rule = {
  id: 'unverified-tls',
  look: ({ run }) =>
    (run.unverifiedTls ?? []).map(({ host, cause, process, count }) => ({
      subject: host,
      message: `its certificate was not accepted (${cause}), and the client went on all the same`,
      ...(process === undefined ? {} : { process }),
      count,
    })),
};
