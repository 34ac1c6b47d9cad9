import type { Random } from '../../fuzz/http1/random.ts';
import { generateRequest, generateResponse, type RequestText, type ResponseText } from './messages.ts';
import type { Step } from './play.ts';

/** What a journal must have of one exchange. */
export interface ExpectedExchange {
  readonly request: RequestText;
  readonly response: ResponseText;
  /** Where its head begins among the bytes that the client sends. */
  readonly headFrom: number;
  /** Where its response ends among those that the origin sends. */
  readonly answerTo: number;
}

export const endings = [
  'the client ends last',
  'the origin ends last',
  'the client ends before it is answered',
  'the client ends within',
  'the origin ends within',
  'the client resets',
  'the origin resets',
] as const;

/** What follows the last exchange, before the end. */
const tails = ['upgrade', 'unparsed request', 'unparsed answer', 'unasked answer', 'late 408'] as const;
type Tail = (typeof tails)[number];

/** What the two sides of a connection say. */
export interface Conversation {
  readonly ending: (typeof endings)[number];
  readonly tail: Tail | undefined;
  readonly client: readonly Step[];
  /** The same, as it is said to a proxy. */
  readonly clientOfProxy: readonly Step[];
  readonly origin: readonly Step[];
  readonly exchanges: readonly ExpectedExchange[];
  /** Where the last head begins of which the client says a part only. */
  readonly cutHeadFrom: number | undefined;
}

export interface ConversationOptions {
  /** The authority that requests name. */
  readonly origin: string;
  /** Requests name where they go, and all that is said must be readable: the connection leads to several hosts. */
  readonly isPlain: boolean;
}

const UNPARSED_HEADS = [
  'POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n',
  'GET / HTTP/1.1\r\nA: b\rc\r\n\r\n',
  'GET / HTTP/3.1\r\n\r\n',
  '\x16\x03\x01 nothing known\r\n',
];
const UNPARSED_ANSWERS = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\nhello',
  'ICY 200 OK\r\n\r\nhello',
  'hello',
];

const LATE_TIMEOUT = 'HTTP/1.1 408 Slow\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno';
const MORE = 'POST /more HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc';

/** Writes both parts of a conversation. */
class Writer {
  readonly client: Step[] = [];
  readonly clientOfProxy: Step[] = [];
  readonly origin: Step[] = [];
  /** Bytes that each side has sent until now. */
  asked = 0;
  answered = 0;

  clientSends(text: string, toProxy = text): void {
    if (text === '') return;
    this.client.push({ do: 'send', bytes: Buffer.from(text, 'latin1') });
    this.clientOfProxy.push({ do: 'send', bytes: Buffer.from(toProxy, 'latin1') });
    this.asked += text.length;
  }

  clientDoes(...steps: Step[]): void {
    this.client.push(...steps);
    this.clientOfProxy.push(...steps);
  }

  clientHearsAll(): void {
    this.clientDoes({ do: 'hear', total: this.answered });
  }

  originHears(total: number): void {
    this.origin.push({ do: 'hear', total });
  }

  originSends(text: string): void {
    if (text === '') return;
    this.origin.push({ do: 'send', bytes: Buffer.from(text, 'latin1') });
    this.answered += text.length;
  }

  /** What is said in turn when nobody speaks HTTP any more. */
  bothSend(random: Random, say: (random: Random) => string): void {
    for (let turns = random.below(4); turns > 0; turns--) {
      this.clientSends(say(random));
      this.originHears(this.asked);
      this.originSends(generateBytes(random));
      this.clientHearsAll();
    }
  }

  /** The client, or the origin, says no more than it has said until some point. */
  cut(random: Random, side: 'client' | 'origin', isPlain: boolean): void {
    const steps = this[side];
    const sends = steps.flatMap((step, index) => (step.do === 'send' ? [index] : []));
    const index = random.pick(sends);
    const of = (list: Step[]): number => {
      const step = list[index];
      return step?.do === 'send' ? step.bytes.length : 0;
    };
    const length = of(steps);
    // A head is another one on the way to a proxy: that is not cut then.
    const isSame = side === 'origin' || !isPlain || of(this.clientOfProxy) === length;
    const to = isSame ? random.below(length + 1) : undefined;
    for (const list of side === 'origin' ? [this.origin] : [this.client, this.clientOfProxy]) {
      const step = list[index];
      if (step?.do === 'send')
        list.splice(index, Infinity, { do: 'send', bytes: step.bytes.subarray(0, to) });
    }
  }
}

export function generateConversation(random: Random, options: ConversationOptions): Conversation {
  const ending = random.pick(
    options.isPlain ? endings.filter((name) => !name.startsWith('the origin ends')) : endings,
  );
  const isCut = /within|resets/.test(ending);
  const endsFirst = ending === 'the client ends before it is answered';
  const isPipelined = endsFirst || (!isCut && random.chance(0.3));
  const writer = new Writer();
  const exchanges: ExpectedExchange[] = [];
  const answers: (() => void)[] = [];
  for (let left = pickCount(random, isPipelined); left > 0; left--) {
    const mayLastUntilClose = left === 1 && ending === 'the origin ends last';
    const request = generateRequest(random, options.origin);
    const response = generateResponse(random, request, { mayLastUntilClose });
    const headFrom = writer.asked;
    const answer = writeRequest(random, writer, { request, response, isPipelined });
    const record = (): void => {
      answer();
      exchanges.push({ request, response, headFrom, answerTo: writer.answered });
    };
    if (isPipelined) answers.push(record);
    else record();
    if (!isPipelined && left > 1) writer.clientHearsAll();
  }
  if (endsFirst) writer.clientDoes({ do: 'end' });
  for (const answer of answers) answer();
  const isOver = exchanges.at(-1)?.response.isUntilClose === true;
  const tail = isCut || endsFirst || isOver ? undefined : writeTail(random, writer, options);
  writeEnding(random, writer, { ending, isPlain: options.isPlain });
  const { client } = writer;
  const said = sum(client.map((step) => (step.do === 'send' ? step.bytes.length : 0)));
  const cut = exchanges.find(
    ({ headFrom, request }) => said > headFrom && said < headFrom + request.head.length,
  );
  return {
    cutHeadFrom: cut?.headFrom,
    ending,
    tail,
    client: writer.client,
    clientOfProxy: writer.clientOfProxy,
    origin: writer.origin,
    exchanges,
  };
}

function pickCount(random: Random, isPipelined: boolean): number {
  return isPipelined && random.chance(0.15) ? 60 + random.below(30) : 1 + random.below(4);
}

/** Writes what the client says; what is returned writes how it is answered. */
function writeRequest(
  random: Random,
  writer: Writer,
  { request, response, isPipelined }: { request: RequestText; response: ResponseText; isPipelined: boolean },
): () => void {
  writer.clientSends(request.head, request.headToProxy);
  const headTo = writer.asked;
  if (request.isExpecting && !isPipelined && random.chance(0.7)) {
    writer.originHears(headTo);
    writer.originSends('HTTP/1.1 100 Continue\r\n\r\n');
    writer.clientHearsAll();
  }
  writer.clientSends(request.body);
  const requestTo = writer.asked;
  // It may be answered before it is said whole.
  const heard = random.chance(0.15) ? headTo : requestTo;
  return () => {
    writer.originHears(heard);
    writer.originSends(response.interim);
    writer.originSends(response.head);
    writer.originSends(response.body);
  };
}

function writeTail(
  random: Random,
  writer: Writer,
  { isPlain, origin }: ConversationOptions,
): Tail | undefined {
  const last = writer.origin.at(-1);
  if (last === undefined || random.chance(0.5)) return undefined;
  writer.clientHearsAll();
  const tail = isPlain ? 'upgrade' : random.pick(tails);
  const upgrade = 'Connection: keep-alive, Upgrade\r\nUpgrade: Own/1';
  const write = (target: string): string =>
    `GET ${target} HTTP/1.1\r\nHost: ${origin}\r\n${tail === 'upgrade' ? upgrade : 'A: b'}\r\n\r\n`;
  if (tail === 'upgrade' || tail === 'unparsed answer')
    writer.clientSends(write('/tail'), write(`http://${origin}/tail`));
  if (tail === 'unparsed request') writer.clientSends(random.pick(UNPARSED_HEADS) + generateBytes(random));
  writer.originHears(writer.asked);
  if (tail === 'upgrade')
    writer.originSends(`HTTP/1.1 101 Now\r\n${upgrade}\r\n\r\n${generateBytes(random)}`);
  if (tail === 'unparsed answer') writer.originSends(random.pick(UNPARSED_ANSWERS));
  if (tail === 'unasked answer')
    writer.originSends(random.pick(['hello', 'HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 407']));
  if (tail === 'unasked answer') writer.clientHearsAll();
  if (tail === 'late 408') writer.originSends(LATE_TIMEOUT);
  // Where only answers cannot be read, requests still are.
  else writer.bothSend(random, tail.endsWith('answer') ? () => MORE : generateBytes);
  return tail;
}

function writeEnding(
  random: Random,
  writer: Writer,
  { ending, isPlain }: Pick<Conversation, 'ending'> & { isPlain: boolean },
): void {
  switch (ending) {
    case 'the client ends last':
      writer.clientHearsAll();
      writer.clientDoes({ do: 'end' });
      return;
    case 'the origin ends last':
      writer.originHears(writer.asked);
      writer.origin.push({ do: 'end' });
      return;
    case 'the client ends before it is answered':
      return;
    case 'the client ends within':
      writer.cut(random, 'client', isPlain);
      writer.clientDoes({ do: 'end' });
      return;
    case 'the client resets':
      writer.cut(random, 'client', isPlain);
      writer.clientDoes({ do: 'rest' }, { do: 'reset' });
      return;
    case 'the origin ends within':
    case 'the origin resets':
      writer.cut(random, 'origin', isPlain);
      writer.origin.push({ do: 'rest' }, { do: ending === 'the origin resets' ? 'reset' : 'end' });
  }
}

function generateBytes(random: Random): string {
  return random.pick([
    '',
    'x',
    '\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    '\0\xff'.repeat(50),
    'y'.repeat(random.below(3_000)),
  ]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
