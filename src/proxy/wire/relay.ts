import { resetEndpoint, type Endpoint } from '../endpoint.ts';
import { Flow } from './flow.ts';
import { Outlet } from './outlet.ts';
import { whenEnded } from './when-ended.ts';

export interface RelayedBytes {
  /** Towards the client. */
  bytesIn: number;
  /** From the client. */
  bytesOut: number;
}

/**
 * Joins two connections unread, with back-pressure: an end passes as an end, a reset as a reset, after what was read before.
 * @param closed is called once, when both are closed
 * @returns what passes, counted as it does
 */
export function relay(
  client: Endpoint,
  upstream: Endpoint,
  closed: () => void = () => undefined,
): RelayedBytes {
  const bytes: RelayedBytes = { bytesIn: 0, bytesOut: 0 };
  let open = 2;
  const onClosed = (): void => {
    open -= 1;
    if (open === 0) closed();
  };
  const toUpstream = createDirection(client, upstream, {
    onClosed,
    count: (size) => (bytes.bytesOut += size),
  });
  const toClient = createDirection(upstream, client, { onClosed, count: (size) => (bytes.bytesIn += size) });
  toUpstream();
  toClient();
  return bytes;
}

interface DirectionEvents {
  readonly onClosed: () => void;
  readonly count: (size: number) => void;
}

/** One direction; it starts when the function that it returns is called. */
function createDirection(from: Endpoint, to: Endpoint, { onClosed, count }: DirectionEvents): () => void {
  const source = from.stream;
  const flow = new Flow(from);
  const outlet = new Outlet(to, () => {
    flow.resume();
  });
  let isOver = false;
  const reset = (): void => {
    if (isOver) return;
    isOver = true;
    outlet.reset();
  };
  source.on('data', (chunk: Buffer) => {
    count(chunk.length);
    outlet.write(chunk);
    if (outlet.flush()) flow.pause();
  });
  const end = (): void => {
    isOver = true;
    outlet.end();
  };
  whenEnded(from, end);
  source.on('error', reset);
  source.on('close', () => {
    reset();
    onClosed();
  });
  return () => {
    if (source.destroyed) {
      resetEndpoint(to);
      onClosed();
      return;
    }
    if (source.readableEnded) end();
    else source.resume();
  };
}
