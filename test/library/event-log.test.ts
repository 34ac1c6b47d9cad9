import { describe, expect, it } from 'vitest';
import { EventLog } from '../../src/library/event-log.ts';

const line = (seq: number, filling = ''): string => `${JSON.stringify({ seq, filling })}\n`;

async function read(log: EventLog): Promise<number[]> {
  const seqs: number[] = [];
  for await (const { seq } of log) seqs.push(seq);
  return seqs;
}

describe('the log of events', () => {
  it('gives every reader all events in order, whenever it comes', async () => {
    const log = new EventLog();
    const early = read(log);
    log.add(line(1));
    await Promise.resolve();
    log.add(line(2));
    log.add(line(3));
    const late = read(log);
    log.add(line(4));
    log.end();
    expect(await early).toEqual([1, 2, 3, 4]);
    expect(await late).toEqual([1, 2, 3, 4]);
    expect(await read(log)).toEqual([1, 2, 3, 4]);
  });

  it('keeps the newest 10,000', async () => {
    const log = new EventLog();
    for (let seq = 1; seq <= 10_002; seq++) log.add(line(seq));
    log.end();
    const seqs = await read(log);
    expect([seqs.length, seqs[0], seqs.at(-1)]).toEqual([10_000, 3, 10_002]);
    expect(log.list()).toHaveLength(10_000);
  });

  it('keeps no more than 32 Mi characters', () => {
    const log = new EventLog();
    const filling = 'x'.repeat(1024 * 1024);
    for (let seq = 1; seq <= 40; seq++) log.add(line(seq, filling));
    const seqs = log.list().map(({ seq }) => seq);
    expect([seqs.length, seqs.at(-1)]).toEqual([31, 40]);
  });

  it('tells a reader that fell behind, and never skips in silence', async () => {
    const log = new EventLog();
    log.add(line(1));
    const reader = log[Symbol.asyncIterator]();
    expect((await reader.next()).value).toMatchObject({ seq: 1 });
    for (let seq = 2; seq <= 10_003; seq++) log.add(line(seq));
    await expect(reader.next()).rejects.toMatchObject({ name: 'AuditError', code: 'events-lost' });
  });

  it('lets go of a reader that stops reading', async () => {
    const log = new EventLog();
    log.add(line(1));
    for await (const { seq } of log) {
      expect(seq).toBe(1);
      break;
    }
  });
});
