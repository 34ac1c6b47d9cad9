import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { listExpressions, type Expression } from './expressions/list.mjs';
import { safeExpression } from './expressions/rule.mjs';

/** What the linter says of a program. */
function lint(program: string): string[] {
  const config: Linter.Config = {
    plugins: { proxaudit: { rules: { 'safe-expression': safeExpression } } },
    rules: { 'proxaudit/safe-expression': 'error' },
  };
  return new Linter().verify(program, config).map(({ message }) => message);
}

describe('the linter', () => {
  // It was in the product: 120 kB of `name="` took 17 s.
  it('refuses an expression that looks for its end again from every beginning', () => {
    const [message, ...others] = lint(
      String.raw`export const part = /(\bname="?([^"\r\n;]{1,256})[^\r\n]*\r?\n)x/gi;`,
    );
    expect(message).toMatch(/can make this expression slow: 2nd degree/);
    expect(others).toEqual([]);
  });

  it('refuses an expression of which two parts match the same text', () => {
    expect(lint(String.raw`export const line = /^(\w+):\s*(.*?)\s*$/;`)).toHaveLength(1);
  });

  it('lets others be', () => {
    expect(lint(String.raw`export const line = /^(\w+):(\S*)$/;`)).toEqual([]);
  });
});

const KIB = 1024;
/** What repeats in texts that make expressions slow: one character, or what the expression itself names. */
const common = [' ', '\t', '\n', '/', '-', '.', 'a', '0', '"', '<', '=', '&', ' #'];
const literals = (source: string): string[] =>
  [...source.replace(/\\(.)/g, '$1').matchAll(/[\w/@#"=:;<!.-]{2,24}/g)].map(([text]) => text).slice(0, 6);

function timeOf(expression: RegExp, text: string): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const started = performance.now();
    text.search(expression);
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

/** The text, of those that are tried, that takes an expression longest. */
function findWorst({ source, flags }: Expression): string {
  const expression = new RegExp(source, flags);
  const timed = [...common, ...literals(source)].map((piece) => ({
    piece,
    time: timeOf(expression, piece.repeat((2 * KIB) / piece.length)),
  }));
  return timed.reduce((worst, one) => (one.time > worst.time ? one : worst)).piece;
}

/** More than sixfold for a text of four times the length: each time it is measured, as other work slows one of them. */
function growsFaster(time: (size: number) => number, [small, large]: readonly [number, number]): boolean {
  return [1, 2, 3, 4].every(() => {
    const taken = time(large);
    // What takes no time to speak of is told by nothing but noise.
    return taken > 40 && taken / time(small) > 6;
  });
}

const folders = ['artifacts', 'attribution', 'lockfiles', 'proxy', 'redaction', 'run', 'support'];
const expressions = listExpressions(folders.map((folder) => `src/${folder}`));

describe('an expression that meets traffic or lockfiles', () => {
  it('takes four times as long for a text that is four times as long', () => {
    expect(expressions.length).toBeGreaterThan(200);
    const slow: string[] = [];
    for (const one of expressions) {
      const expression = new RegExp(one.source, one.flags);
      const piece = findWorst(one);
      const time = (size: number): number => timeOf(expression, piece.repeat(size / piece.length));
      // Each step tells by itself, so that what is slow is not waited for.
      const steps = [16 * KIB, 62 * KIB, 250 * KIB, 1000 * KIB];
      const worst = steps.slice(1).find((size, index) => growsFaster(time, [steps[index] ?? 0, size]));
      if (worst !== undefined) slow.push(`${one.place} of ${JSON.stringify(piece)}, ${worst} bytes`);
    }
    expect(slow).toEqual([]);
  });
});
