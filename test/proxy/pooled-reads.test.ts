import type { Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { PooledReads } from '../../src/proxy/front/pooled-reads.ts';

it('hands out a buffer again only when what it held is written', () => {
  const written: string[] = [];
  const finish: (() => void)[] = [];
  const target = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      finish.push(done);
    },
  });
  const reads = new PooledReads();
  const first = reads.buffer();
  first.set(Buffer.from('one'));
  expect(reads.callback(3, first)).toBe(false);
  reads.passOn(new PassThrough(), target as unknown as Socket);

  const second = reads.buffer();
  expect(second).not.toBe(first);
  second.set(Buffer.from('two'));
  expect(reads.callback(3, second)).toBe(true);
  expect(reads.buffer()).not.toBe(second);
  expect(written).toEqual(['one']);

  finish[0]?.();
  return new Promise<void>((resolve) => {
    setImmediate(() => {
      expect(written).toEqual(['one', 'two']);
      expect(reads.buffer()).toBe(first);
      expect(reads.buffer()).not.toBe(second);
      resolve();
    });
  });
});
