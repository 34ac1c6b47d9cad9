import { createRequire } from 'node:module';
import type { FuzzCase, FuzzReading } from './reading.ts';

interface Parser {
  initialize(type: number, resource: object): void;
  execute(bytes: Buffer): number | Error;
  finish(): Error | undefined;
  /** Frees what it holds outside of the heap. */
  close(): void;
  [callback: number]: unknown;
}
interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

const { HTTPParser, methods: METHODS } = createRequire(import.meta.url)('_http_common') as {
  HTTPParser: ParserClass;
  methods: readonly string[];
};
const NO_BODY = 1;
const SWITCHED = 2;

/** How Node's parser frames the bytes, with what node:http decides by the method and the status. */
export function readWithLlhttp({ kind, methods, bytes }: FuzzCase): FuzzReading {
  const parser = new HTTPParser();
  parser.initialize(kind === 'request' ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {});
  const messages: { start: string; body: string; complete: boolean }[] = [];
  let answered = 0;
  let isSwitched = false;
  // The arguments that follow are those of the callback of node:http.
  parser[HTTPParser.kOnHeadersComplete] = (...head: unknown[]): number => {
    const [, , , method, url, status] = head as [number, number, string[], number, string, number];
    const start = kind === 'request' ? `${METHODS[method] ?? '?'} ${url}` : `${status}`;
    messages.push({ start, body: '', complete: false });
    const effect =
      kind === 'request' ? effectOfRequest(METHODS[method]) : effectOf(status, methods[answered]);
    if (kind === 'response' && (status >= 200 || status === 101)) answered++;
    if (effect === SWITCHED) isSwitched = true;
    return effect;
  };
  parser[HTTPParser.kOnBody] = (part: Buffer): void => {
    const message = messages.at(-1);
    if (message !== undefined) message.body += part.toString('latin1');
  };
  parser[HTTPParser.kOnMessageComplete] = (): void => {
    const message = messages.at(-1);
    if (message !== undefined) message.complete = true;
  };
  const outcome = parser.execute(bytes);
  const isWrong = outcome instanceof Error;
  if (!isWrong && !isSwitched) parser.finish();
  parser.close();
  return { messages: messages, stop: isWrong ? 'error' : isSwitched ? 'stop' : 'end' };
}

function effectOfRequest(method: string | undefined): number {
  return method === 'CONNECT' ? SWITCHED : 0;
}

function effectOf(status: number, method: string | undefined): number {
  if (method === 'CONNECT' && status >= 200 && status < 300) return SWITCHED;
  if (status === 101) return SWITCHED;
  return status < 200 || status === 304 || method === 'HEAD' ? NO_BODY : 0;
}
