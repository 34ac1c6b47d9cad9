import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../../src/proxy/exchange/decoders.ts';
import { randomText } from '../../helpers/origin/random.ts';
import { codings, compressedZstd, distortions } from './coded-bodies.ts';

const small = Buffer.from(randomText(400, 'decoding'));
const large = Buffer.from(randomText(100_000, 'decoding'));

async function decode(coding: string, body: Buffer, step: number) {
  const decoder = createDecoder(coding);
  if (typeof decoder !== 'object') return decoder;
  for (let at = 0; at < body.length; at += step) {
    if (decoder.write(body.subarray(at, at + step))) continue;
    await new Promise<void>((resolve) => {
      decoder.onDrain(resolve);
    });
  }
  return decoder.finish();
}

const facts = (plain: Buffer) => ({
  size: plain.length,
  sha256: createHash('sha256').update(plain).digest('hex'),
});

const cases = Object.keys(codings).flatMap((coding) =>
  Object.keys(distortions).map((how) => [coding, how] as const),
);

describe('a body', () => {
  it.each(cases)('encoded as %j and %s is decoded only where that used every byte', async (coding, how) => {
    const distortion = distortions[how];
    for (const [plain, step] of [
      [small, 1],

      [large, 16_384],
    ] as const) {
      const encoded = codings[coding]?.(plain) ?? Buffer.alloc(0);
      const outcome = await decode(coding, distortion?.make(encoded) ?? encoded, step);
      if (distortion?.why === undefined) expect(outcome).toEqual(facts(plain));
      else expect(distortion.why).toContain(outcome);
    }
  });

  it('of zstd is exactly one frame', async () => {
    const { plain, encoded } = compressedZstd;
    for (const step of [1, 1000, 1_000_000]) {
      expect(await decode('zstd', encoded, step)).toEqual(facts(plain));
      expect(await decode('zstd', Buffer.concat([encoded, encoded]), step)).toBe('trailing-bytes');
      expect(await decode('zstd', encoded.subarray(0, -1), step)).toBe('cut-short');
    }
  });
});
