import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Fact, FactOf } from '../../../src/model/events.ts';
import type { AuditedProxy } from '../audited-proxy.ts';
import type { Conversation, ExpectedExchange } from './conversation.ts';
import type { Heard } from './play.ts';

interface Checked {
  readonly audited: AuditedProxy;
  /** The first fact of the conversation. */
  readonly from: number;
  readonly conversation: Conversation;
  readonly heard: { readonly client: Heard; readonly origin: Heard };
  readonly isSecure: boolean;
  readonly label: string;
}

/** Checks that the journal has each exchange of which a head arrived, and each body that arrived whole. */
export async function checkJournal(checked: Checked): Promise<void> {
  const { audited, from, conversation, heard, label } = checked;
  const isClosed = (): boolean => audited.facts.slice(from).some((fact) => fact.type === 'connection-closed');
  await expect.poll(isClosed, { timeout: 10_000, interval: 1, message: `${label}: it is closed` }).toBe(true);
  const facts = audited.facts.slice(from);
  const started = of(facts, 'exchange-started');
  const arrived = conversation.exchanges.filter(
    ({ headFrom, request }) => headFrom + request.head.length <= heard.origin.bytes.length,
  );
  const inTail = started.slice(arrived.length).map(({ request }) => new URL(request.url).pathname);
  const more = inTail.filter((path) => path === '/more').length;
  expect(
    started.slice(0, arrived.length).map(({ request }) => request.method),
    label,
  ).toEqual(arrived.map(({ request }) => request.method));
  expect(inTail.slice(0, inTail.length - more), label).toEqual(pathsOfTail(conversation));
  const moreHeard = heard.origin.bytes.toString('latin1').split('/more').length - 1;
  expect(more, label).toBe(moreHeard);
  const completed = of(facts, 'exchange-completed');
  expect(completed.map(({ id }) => id).sort(), label).toEqual(started.map(({ id }) => id).sort());
  for (const [index, expected] of arrived.entries()) {
    if (expected.answerTo > heard.client.bytes.length) continue;
    const id = started[index]?.id;
    const late = of(facts, 'request-body-completed').find((fact) => fact.id === id);
    const one = completed.find((fact) => fact.id === id);
    const isAllHeard =
      expected.headFrom + expected.request.head.length + expected.request.body.length <=
      heard.origin.bytes.length;
    expect(
      {
        status: one?.response?.status,
        response: one?.response?.body,
        request: isAllHeard ? (late?.body ?? one?.request.body) : undefined,
      },
      `${label}: exchange ${index} ${expected.request.method}`,
    ).toEqual({
      status: expected.response.status,
      response:
        expected.request.method === 'HEAD'
          ? { size: 0, complete: true }
          : bodyOf(expected.response.content, completenessOf(expected, checked)),
      request: isAllHeard ? bodyOf(expected.request.content) : undefined,
    });
  }
  const isUnparsed = ['unparsed request', 'unparsed answer', 'unasked answer'].includes(
    conversation.tail ?? '',
  );
  const passed = of(facts, 'passed-through').map(({ reason }) => reason);
  const isCutHead =
    conversation.ending === 'the client ends within' && conversation.cutHeadFrom !== undefined;
  expect(passed, label).toEqual(isUnparsed || isCutHead ? [expect.any(String)] : []);
}

function pathsOfTail({ tail }: Conversation): unknown {
  if (tail === 'upgrade' || tail === 'unparsed answer') return ['/tail'];
  return tail === 'unparsed request' ? expect.anything() : [];
}

function completenessOf({ response }: ExpectedExchange, { isSecure }: Checked): true | 'unknown' {
  return response.isUntilClose && isSecure ? 'unknown' : true;
}

function bodyOf(text: string, complete?: true | 'unknown'): object {
  const content = Buffer.from(text, 'latin1');
  if (complete === undefined && text === '') return { size: 0 };
  return {
    size: content.length,
    ...(complete === undefined ? {} : { complete }),
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

function of<T extends Fact['type']>(facts: readonly Fact[], type: T): FactOf<T>[] {
  return facts.filter((fact): fact is FactOf<T> => fact.type === type);
}
