import { encodedWords } from './encoded-words.ts';
import { gitleaksRules } from './gitleaks-rules.ts';
import { LiteralIndex } from './literal-index.ts';
import { replaceRanges, type Range } from './ranges.ts';
import { tokenRules, type TokenRule } from './token-rules.ts';
import { layersOf } from './undo-escapes.ts';

/** Shorter text holds no token. */
const MIN_LENGTH = 16;
/** What a rule may look at from the prefix on, and before it. */
const WINDOW = 512;
const WINDOW_BEFORE = 80;

const index = new LiteralIndex(
  [...tokenRules, ...gitleaksRules].flatMap((rule) => rule.prefixes.map((prefix) => [prefix, rule] as const)),
);

/**
 * Replaces tokens of known shapes, whatever escapes they are written with, and words in whose base64 (once or twice),
 * base32 or hexadecimal one stands. Hex digests, UUIDs, versions and file names have none of these shapes. Linear.
 */
export function redactShapes(text: string): string {
  if (text.length < MIN_LENGTH) return text;
  const ranges: Range[] = [];
  for (const layer of layersOf(text)) {
    for (const range of findTokens(layer.text)) ranges.push(layer.originOf(range));
    for (const { start, end, decoded } of encodedWords(layer.text)) {
      if (decoded.some((inner) => hidesToken(inner))) ranges.push(layer.originOf([start, end]));
    }
  }
  return replaceRanges(text, ranges);
}

function hidesToken(text: string, isInner = false): boolean {
  if (text.length < MIN_LENGTH) return false;
  if (findTokens(text).length > 0) return true;
  return (
    !isInner && encodedWords(text).some(({ decoded }) => decoded.some((inner) => hidesToken(inner, true)))
  );
}

function findTokens(text: string): Range[] {
  const ranges: Range[] = [];
  let searched = 0;
  index.scan(text, (at, rule) => {
    if (at < searched) return;
    const range = matchRule(text, at, rule);
    if (range === undefined) return;
    ranges.push(range);
    searched = range[1];
  });
  return ranges;
}

function matchRule(text: string, at: number, rule: TokenRule): Range | undefined {
  let start = at;
  if (rule.before !== undefined) {
    const before = rule.before.exec(text.slice(Math.max(0, at - WINDOW_BEFORE), at))?.[0];
    if (before === undefined) return undefined;
    start = at - before.length;
  }
  if (rule.startsWord && at > 0 && isAlphanumeric(text.charCodeAt(at - 1))) return undefined;
  const match = rule.pattern.exec(text.slice(at, at + WINDOW))?.[0];
  if (match === undefined || (rule.entropy !== undefined && entropyOf(match) < rule.entropy))
    return undefined;
  return [start, endOfWord(text, at + match.length)];
}

function endOfWord(text: string, from: number): number {
  let end = from;
  while (isWordCharacter(text.charCodeAt(end))) end++;
  while (text.charAt(end) === '=') end++;
  return end;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isWordCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f || code === 0x2d;
}

/** Shannon's, in bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
