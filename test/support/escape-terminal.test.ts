import { expect, it } from 'vitest';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';

it.each([
  ['plain text, é, 漢字, 🎉', 'plain text, é, 漢字, 🎉'],
  ['\u001b[2J\u001b]0;title\u0007', String.raw`\x1b[2J\x1b]0;title\x07`],
  ['a\r\nb\tc\0', String.raw`a\r\nb\tc\x00`],
  ['\u009b31m\u007f', String.raw`\x9b31m\x7f`],
  ['abc\u202efdp.exe\u2066', String.raw`abc\u{202e}fdp.exe\u{2066}`],
  ['zero\u200bwidth\ufeff\u2028', String.raw`zero\u{200b}width\u{feff}\u{2028}`],
  ['tag \u{e0041}', String.raw`tag \u{e0041}`],
  ['lone \udc00', String.raw`lone \u{dc00}`],
])('%j', (text, expected) => {
  expect(escapeTerminal(text)).toBe(expected);
});

it('leaves nothing that moves, colours or hides', () => {
  for (let code = 0; code < 0x3000; code++) {
    const escaped = escapeTerminal(String.fromCodePoint(code));
    expect(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(escaped), code.toString(16)).toBe(false);
  }
});
