import { describe, expect, it } from 'vitest';
import { PktLineReader } from '../../../src/artifacts/git/pkt-line.ts';
import { randomBody } from '../../helpers/origin/random.ts';
import { createRandom } from '../../helpers/random.ts';
import { delimiter, flush, pkt } from './upload-pack.ts';

interface Read {
  readonly packets: string[];
  readonly bare: Buffer;
  readonly isWhole: boolean;
}

/** What a reader makes of a stream, cut where `cuts` says. */
function read(stream: Buffer, pieceSize: () => number = () => stream.length || 1): Read {
  const packets: string[] = [];
  const bare: Buffer[] = [];
  const reader = new PktLineReader({
    data: (payload) => packets.push(payload.toString('latin1')),
    mark: (mark) => packets.push(`<${mark}>`),
    bare: (piece) => bare.push(Buffer.from(piece)),
  });
  for (let at = 0; at < stream.length;) {
    const piece = stream.subarray(at, at + pieceSize());
    reader.write(piece);
    at += piece.length;
  }
  return { packets, bare: Buffer.concat(bare), isWhole: reader.isWhole };
}

describe('pkt-lines', () => {
  const largest = randomBody(65_516, 'largest packet');
  const stream = Buffer.concat([
    ...[pkt('first\n'), flush, pkt(''), pkt('second'), delimiter, pkt(largest), Buffer.from('0002')],
    ...[Buffer.from('PACK'), randomBody(5000, 'pack')],
  ]);
  const whole = read(stream);

  it('are packets and marks, and a pack behind them', () => {
    expect(whole.packets).toEqual([
      ...['first\n', '<flush>', '', 'second', '<delimiter>', largest.toString('latin1'), '<response-end>'],
    ]);
    expect(whole.bare.subarray(4).equals(randomBody(5000, 'pack'))).toBe(true);
    expect(whole.isWhole).toBe(true);
  });

  it('are the same wherever the stream is cut', () => {
    expect(read(stream, () => 1)).toEqual(whole);
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = createRandom(seed);
      const size = 10 ** (1 + (seed % 5));
      expect(read(stream, () => 1 + Math.floor(random() * size))).toEqual(whole);
    }
  });

  it.each(['0003', '000', 'zzzz0000', 'fff1', '+001', ' 001', '0x10', '-001', '00 5', 'ffff'])(
    'of %j are none: nothing is read on',
    (header) => {
      const { packets, bare, isWhole } = read(Buffer.concat([pkt('good'), Buffer.from(header), pkt('bad')]));
      expect(packets.slice(0, 1)).toEqual(['good']);
      expect(packets).not.toContain('bad');
      expect([bare.length, isWhole]).toEqual([0, false]);
    },
  );

  it('are not whole when they are cut within a packet', () => {
    const line = Buffer.concat([flush, pkt('some line')]);
    for (let end = 5; end < line.length; end += 1) expect(read(line.subarray(0, end)).isWhole).toBe(false);
    expect(read(line).isWhole).toBe(true);
  });

  it('of random bytes never throw, and are held one packet at a time', () => {
    const digits = '0123456789abcdefPACK';
    for (let seed = 1; seed <= 500; seed += 1) {
      const random = createRandom(seed);
      const text = Array.from({ length: 200 }, () =>
        random() < 0.8
          ? (digits[Math.floor(random() * digits.length)] ?? '')
          : String.fromCharCode(random() * 256),
      );
      const bytes = Buffer.from(text.join(''), 'latin1');
      const once = read(bytes);
      expect(read(bytes, () => 1 + Math.floor(random() * 9))).toEqual(once);
      expect(once.packets.every((packet) => packet.length <= bytes.length)).toBe(true);
    }
  });
});
