import type { Http1Exchange } from './http1-exchange.ts';
import type { ResponseHead } from './reader/message-head.ts';

/** What is told of what an upstream says. */
export interface ResponseHandler {
  /** A final response head was read, of which nothing went on yet. False: the response is not wanted, and nothing more is read. */
  responded(exchange: Http1Exchange, head: ResponseHead): boolean;
  /** The response has ended, that is recorded, and its end went on. */
  answered(exchange: Http1Exchange): void;
  /** What follows its head, which went on, is another protocol. */
  switched(exchange: Http1Exchange): void;
  /** From here on bytes are not understood, and go on as they come. */
  unparsed(reason: string): void;
  /** Something came that no request has asked for. False: it does not go on, and nothing more is read. */
  unasked(): boolean;
  /** It ended its side; what it said went on. `isCut`: within a response, or with a request unanswered. */
  ended(isCut: boolean): void;
  /** It is gone, for a reason. */
  gone(error: Error | undefined): void;
  /** The journal has failed. */
  readonly failedClosed: () => void;
}
