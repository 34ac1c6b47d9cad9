import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchedObserver } from '../../src/artifacts/index.ts';
import type {
  BodyWish,
  ExchangeObserver,
  Observation,
  ObservedEnd,
  ObservedRequest,
} from '../../src/model/observer.ts';

/** What an observer is told, in order; it wishes for SHA-512. */
class Told implements ExchangeObserver {
  readonly lines: string[] = [];
  readonly ends: ObservedEnd[] = [];

  observe({ exchangeId }: ObservedRequest): Observation {
    this.lines.push(`${exchangeId} asked`);
    return {
      response: ({ status }): BodyWish => {
        this.lines.push(`${exchangeId} answered ${status}`);
        return {
          digests: ['sha512'],
          sink: (chunk) => this.lines.push(`${exchangeId} ${chunk.toString('latin1').slice(0, 9)}`),
        };
      },
      ended: (end) => {
        this.lines.push(`${exchangeId} ended`);
        this.ends.push(end);
      },
    };
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }
}

const sha512 = (...chunks: Buffer[]): string =>
  createHash('sha512').update(Buffer.concat(chunks)).digest('hex');
const whole = (chunk: Buffer, decoded?: Buffer): ObservedEnd => ({
  response: {
    size: chunk.length,
    complete: true,
    digests: { sha256: 'of the wire' },
    ...(decoded && { decoded: { size: decoded.length, digests: { sha256: 'of the meaning' } } }),
  },
  process: undefined,
});

function start(observer: BatchedObserver, exchangeId: string, method = 'GET') {
  const url = `https://host.example/${exchangeId}`;
  const observation = observer.observe({ exchangeId, method, url, headers: [] });
  const wish = observation?.response({ status: 200, headers: [] });
  return {
    send: (chunk: Buffer) => wish?.sink?.(chunk),
    sendEncoded: (chunk: Buffer) => wish?.encodedSink?.(chunk),
    end: (end = whole(Buffer.alloc(0))) => observation?.ended(end),
  };
}

let told: Told;
let observer: BatchedObserver;
beforeEach(() => {
  vi.useFakeTimers();
  told = new Told();
  observer = new BatchedObserver(told, (work) => work());
});
afterEach(() => {
  vi.useRealTimers();
});

const ofX1 = ['x1 asked', 'x1 answered 200', 'x1 body', 'x1 ended'];

describe('an exchange is told', () => {
  const tell = (exchangeId: string): void => {
    const exchange = start(observer, exchangeId);
    exchange.send(Buffer.from('body'));
    exchange.end();
  };

  it('within a tenth of a second', () => {
    tell('x1');
    expect(told.lines).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(told.lines).toEqual(ofX1);
  });

  it('when many have ended', () => {
    for (let number = 1; number <= 256; number += 1) tell(`x${number}`);
    expect(told.lines).toHaveLength(4 * 256);
  });

  it('when the run ends', async () => {
    tell('x1');
    await observer.settled();
    expect(told.lines).toEqual(ofX1);
  });

  it('before a request that sends something, which may rest on it', () => {
    tell('x1');
    start(observer, 'x2', 'POST').end();
    expect(told.lines).toEqual([...ofX1, 'x2 asked', 'x2 answered 200', 'x2 ended']);
  });

  it('when more bytes were kept than memory is given to it', () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    const [first, second] = [start(observer, 'x1'), start(observer, 'x2')];
    for (let count = 0; count < 2; count += 1) for (const one of [first, second]) one.send(megabyte);
    expect(told.lines).toEqual([]);
    first.send(megabyte);
    expect(told.lines.filter((line) => line.endsWith('xxx'))).toHaveLength(5);
    second.send(megabyte);
    expect(told.lines.at(-1)).toBe('x2 xxxxxxxxx');
  });

  it('not at all where no response came', async () => {
    const request = { exchangeId: 'x1', method: 'GET', url: 'https://host.example/', headers: [] };
    observer.observe(request)?.ended({ response: undefined, process: undefined });
    await observer.settled();
    expect(told.lines).toEqual([]);
  });
});

it('tells exchanges in the order of their responses, whichever ended first', () => {
  const [first, second] = [start(observer, 'x1'), start(observer, 'x2')];
  second.end();
  first.send(Buffer.from('body'));
  first.end();
  vi.advanceTimersByTime(100);
  expect(told.lines).toEqual([...ofX1, 'x2 asked', 'x2 answered 200', 'x2 ended']);
});

describe('the digests that are wished for', () => {
  const chunks = [randomBytes(600), randomBytes(700), randomBytes(800)] as const;

  it('are of all bytes, though it began before anybody wished', () => {
    const exchange = start(observer, 'x1');
    exchange.send(chunks[0]);
    exchange.send(chunks[1]);
    vi.advanceTimersByTime(100);
    exchange.send(chunks[2]);
    exchange.end(whole(Buffer.concat(chunks)));
    expect(told.ends).toMatchObject([
      { response: { digests: { sha256: 'of the wire', sha512: sha512(...chunks) } } },
    ]);
  });

  it('are of both forms of what was encoded', () => {
    const [body, encoded, rest] = chunks;
    const exchange = start(observer, 'x1');
    exchange.sendEncoded(encoded);
    exchange.send(body);
    vi.advanceTimersByTime(100);
    exchange.sendEncoded(rest);
    exchange.end(whole(Buffer.concat([encoded, rest]), body));
    expect(told.ends).toMatchObject([
      {
        response: {
          digests: { sha256: 'of the wire', sha512: sha512(encoded, rest) },
          decoded: { digests: { sha256: 'of the meaning', sha512: sha512(body) } },
        },
      },
    ]);
  });
});

it('goes on after an exchange that could not be recorded', () => {
  const failing = new BatchedObserver(
    {
      observe(request) {
        if (request.exchangeId === 'x1') throw new Error('the disk is full');
        return told.observe(request);
      },
      settled: () => Promise.resolve(),
    },
    (work) => work(),
  );
  const failed = start(failing, 'x1');
  start(failing, 'x2').end();
  vi.advanceTimersByTime(100);
  failed.send(Buffer.from('body'));
  failed.end();
  vi.advanceTimersByTime(100);
  expect(told.lines).toEqual(['x2 asked', 'x2 answered 200', 'x2 ended']);
});
