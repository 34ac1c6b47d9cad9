import type { EventType, FactOf } from '../../../src/model/events.ts';

/** Says in the words of `docs/errors.md` what went wrong, by the facts of a journal. */
export function describeJournal(of: <T extends EventType>(type: T) => FactOf<T>[]): string {
  const said = [
    ...of('tls-failed').map(({ side, cause }) => `\`tls-failed\` of the ${side}: \`${cause}\``),
    ...of('passed-through').map(({ reason }) => `\`passed-through\`: \`${reason}\``),
    ...of('exchange-completed').map(({ response, error, unverifiedTls }) => {
      const code =
        error?.code ?? response?.body.error ?? (unverifiedTls && `unverifiedTls: ${unverifiedTls}`);
      return `\`exchange-completed\`${code === undefined ? '' : `: \`${code}\``}`;
    }),
    ...of('connection-closed').flatMap(({ error }) =>
      error === undefined ? [] : `\`connection-closed\`: \`${error.code}\``,
    ),
  ];
  return said.length === 0 ? 'nothing' : said.join(', ');
}
