import type { ExchangeError } from '../../model/exchange.ts';

export const clientClosed: ExchangeError = {
  code: 'client-closed',
  message: 'the client closed the connection before the response was complete',
};

export const closedEarly: ExchangeError = {
  code: 'upstream-closed-early',
  message: 'the upstream closed the connection before the response was complete',
};
