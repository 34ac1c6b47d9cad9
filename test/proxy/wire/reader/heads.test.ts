import { describe, expect, it } from 'vitest';
import { requestDecisions, responseDecisions } from './decisions.ts';
import { oneSegment, readMessages, singleBytes, type Reading } from './read-messages.ts';

/** What a decision speaks of: the first head, or why there is none. */
function summarise({ messages, unparsed }: Reading): object {
  const head = messages[0]?.head;
  if (head === undefined) return { unparsed: unparsed?.reason };
  const { framing, oddities } = head;
  return { framing: framing.kind === 'length' ? framing.length : framing.kind, oddities };
}

describe('the head of a request', () => {
  it.each(requestDecisions)('%s', (_name, head, says) => {
    for (const segments of [oneSegment(head), singleBytes(head)]) {
      const reading = readMessages(segments);
      expect(summarise(reading)).toEqual(says);
      expect(reading.bytes).toBe(head);
      expect(reading.unparsed?.bytes).toBe('unparsed' in says ? head : undefined);
    }
  });

  it('has its parts as they were written', () => {
    const text = 'LIST /a?b HTTP/1.0\r\nhOST:  h \r\nX-A: 1\r\n\t2 \r\n \r\nX-A:\r\nE: \xff\r\n\r\n';
    expect(readMessages(oneSegment(text)).messages[0]?.head).toEqual({
      kind: 'request',
      method: 'LIST',
      target: '/a?b',
      version: '1.0',
      headers: ['hOST', 'h', 'X-A', '1 2', 'X-A', '', 'E', '\xff'],
      framing: { kind: 'none' },
      oddities: ['folded-line'],
    });
  });
});

describe('the head of a response', () => {
  it.each(responseDecisions)('%s', (_name, method, head, says) => {
    for (const segments of [oneSegment(head), singleBytes(head)]) {
      const reading = readMessages(segments, { answering: method });
      expect(summarise(reading)).toEqual(says);
      expect(reading.bytes).toBe(head);
      expect(reading.unparsed?.bytes).toBe('unparsed' in says ? head : undefined);
    }
  });

  it('has its parts as they were written', () => {
    const text = 'HTTP/1.1 404  Not \xe9 \r\nA: b\r\nContent-Length: 0\r\n\r\n';
    expect(readMessages(oneSegment(text), { answering: 'GET' }).messages[0]?.head).toEqual({
      kind: 'response',
      status: 404,
      reason: ' Not \xe9 ',
      version: '1.1',
      headers: ['A', 'b', 'Content-Length', '0'],
      framing: { kind: 'length', length: 0 },
      oddities: [],
      isInterim: false,
    });
  });
});
