import { expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redact.ts';
import { createRandom } from '../helpers/random.ts';

const characters =
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!$&()*+,;=:@/?#%[]{}|^ é€';

const encodings: ((secret: string, random: () => number) => string)[] = [
  (secret) => secret,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(encodeURIComponent(secret)),
  (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  (secret, random) =>
    [...secret].map((c) => (random() < 0.5 || c === '%' || c > '~' ? encodeURIComponent(c) : c)).join(''),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(`user:${secret}`).toString('base64'),
  (secret) => Buffer.from(`me:${secret}:x`).toString('base64url'),
  (secret) => encodeURIComponent(Buffer.from(`user:${secret}`).toString('base64')),
];

const places: ((planted: string, redactor: ReturnType<typeof createRedactor>) => unknown)[] = [
  (planted, r) => r.url(`https://user:${planted}@x.example/`),
  (planted, r) => r.url(`https://x.example/a/${planted}/b?c=1`),
  (planted, r) => r.url(`https://x.example/?q=${planted}&c=1`),
  (planted, r) => r.url(`https://x.example/#${planted}`),
  (planted, r) => r.url(`https://x.example/?to=${encodeURIComponent(`https://y.example/${planted}`)}`),
  (planted, r) => r.text(`failed with ${planted} at the end`),
  (planted, r) => r.text(planted),
  (planted, r) => r.headers(['User-Agent', planted, 'Location', `/a/${planted}`, 'Link', `<${planted}>`]),
  (planted, r) => r.headers(['X-Any', `some ${planted}`], 'all'),
  (planted, r) => r.command(['tool', planted, `--option=${planted}`, `sh -c "tool ${planted}"`]),
];

/** All layers of percent-encoding undone, UTF-8 read. */
function decoded(text: string): string {
  let bytes = Buffer.from(text, 'utf8').toString('latin1');
  for (let layer = 0; layer < 4; layer++) {
    bytes = bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function base64Core(secret: string, offset: number): string {
  return Buffer.from('\0'.repeat(offset) + secret)
    .toString('base64')
    .slice(offset === 0 ? 0 : 4, -4);
}

it('lets no planted secret survive, whatever its form and place', () => {
  const random = createRandom(20261121);
  for (let round = 0; round < 200; round++) {
    const length = 12 + Math.floor(random() * 40);
    const secret = Array.from({ length }, () => characters[Math.floor(random() * characters.length)])
      .join('')
      .trim();
    const redactor = createRedactor({ secrets: ['another-secret', secret] });
    for (const [e, encode] of encodings.entries()) {
      for (const [p, plant] of places.entries()) {
        const output = JSON.stringify(plant(encode(secret, random), redactor));
        const text = decoded(output);
        const where = `round ${round}, encoding ${e}, place ${p}: ${secret} in ${output}`;
        expect(text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)), where).toBe(
          false,
        );
        for (const offset of [0, 1, 2]) {
          const core = base64Core(secret, offset);
          expect(
            text.includes(core) || text.includes(Buffer.from(core, 'base64').toString('base64url')),
            where,
          ).toBe(false);
        }
      }
    }
  }
});

it('never throws, and is bounded on random text', () => {
  const random = createRandom(7);
  const redactor = createRedactor({ secrets: ['planted-secret'] });
  const words = [
    'token',
    '=',
    ':',
    '"',
    "'",
    '%',
    '%41',
    '@',
    '/',
    '//',
    '?',
    '&',
    ' ',
    '\n',
    '\\',
    'https://',
    '-u ',
    '--password ',
    'Basic ',
    '\ud800',
    'é',
    'x'.repeat(20),
    'hooks/',
  ];
  for (let round = 0; round < 4_000; round++) {
    const text = Array.from(
      { length: Math.floor(random() * 30) },
      () => words[Math.floor(random() * words.length)],
    ).join('');
    const once = [redactor.url(text), redactor.text(text), redactor.command([text])[0] ?? ''];
    for (const result of once) expect(result.length).toBeLessThanOrEqual(text.length * 10 + 100);
  }
});
