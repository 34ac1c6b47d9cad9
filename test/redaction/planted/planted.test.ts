import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/redaction/index.ts';
import { createRandom } from '../../helpers/random.ts';
import { commands, shellLines } from './commands.ts';
import { bodies, headers } from './messages.ts';
import { escapes, isLeaked, places } from './places.ts';
import { makeToken, shapes } from './shapes.ts';

const plain = createRedactor();

/** Prints how many were planted, and fails with the first that are still there. */
function expectNoLeaks(what: string, planted: number, leaks: readonly string[]): void {
  console.log(`planted secrets: ${what}: ${planted} planted, ${leaks.length} leaked`);
  expect(leaks.slice(0, 10)).toEqual([]);
}

describe('planted secrets reach nothing that is stored', () => {
  it('of every shape, in every place, with every escape', () => {
    const random = createRandom(20261130);
    const leaks: string[] = [];
    let planted = 0;
    for (const shape of shapes) {
      const token = makeToken(shape, random);
      for (const [escape, write] of Object.entries(escapes)) {
        const written = write(token);
        for (const [place, plant] of Object.entries(places)) {
          planted++;
          const stored = plant(written, plain);
          if (isLeaked(stored, written, token)) leaks.push(`${shape}, ${escape}, ${place}: ${stored}`);
        }
      }
    }
    expectNoLeaks('tokens', planted, leaks);
  });

  it('that secret variables have as their values', () => {
    const random = createRandom(7);
    const kinds = [
      'S<a20>q',
      '<h32>',
      'x/<a10>+<a10>=',
      'p%41<a6>&<a6>',
      'a b<a12>"c',
      'pä<a12>ß',
      '<d4>-<a8>',
      'Pa\\u<a8>ss',
    ];
    const leaks: string[] = [];
    let planted = 0;
    for (const kind of kinds) {
      const secret = makeToken(kind, random);
      const redactor = createRedactor({ secrets: [secret] });
      for (const [escape, write] of Object.entries(escapes)) {
        const written = write(secret);
        for (const [place, plant] of Object.entries(places)) {
          planted++;
          const stored = plant(written, redactor);
          if (isLeaked(stored, written, secret)) leaks.push(`${secret}, ${escape}, ${place}: ${stored}`);
        }
      }
    }
    expectNoLeaks('values', planted, leaks);
  });

  it('on the command lines of every tool, whatever the secret looks like', () => {
    const random = createRandom(3);
    const leaks: string[] = [];
    for (const line of [...commands, ...shellLines]) {
      const secret = makeToken('Sx<a18>', random);
      const text = line.replace('$S', () => secret).replace('URL', 'https://h.example/x');
      const argv = shellLines.includes(line) ? ['sh', '-c', text] : text.split(' ');
      const stored = plain.command(argv);
      if (isLeaked(stored.join(' '), secret, secret)) leaks.push(`${line}: ${stored.join(' ')}`);
      expect(plain.command(stored), line).toEqual(stored);
    }
    expectNoLeaks('command lines', commands.length + shellLines.length, leaks);
  });

  it('under every name that tells so, in headers and in bodies', () => {
    const random = createRandom(5);
    const leaks: string[] = [];
    for (const name of headers) {
      const secret = makeToken('Sx<a18>', random);
      const stored = JSON.stringify(plain.headers([name, secret], 'all'));
      if (isLeaked(stored, secret, secret)) leaks.push(stored);
    }
    for (const [contentType, body] of bodies) {
      const secret = makeToken('Sx<a18>', random);
      const bytes = Buffer.from(
        body.replace('$S', () => secret),
        'latin1',
      );
      const kept = plain.body(bytes, { contentType, isCut: false });
      const stored =
        kept.encoding === 'base64' ? Buffer.from(kept.text, 'base64').toString('latin1') : kept.text;
      if (isLeaked(stored, secret, secret)) leaks.push(`${contentType}: ${body}: ${stored}`);
    }
    expectNoLeaks('headers and bodies', headers.length + bodies.length, leaks);
  });
});
