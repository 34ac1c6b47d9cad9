import type { BodyContent } from '../model/exchange.ts';
import { toWellFormed } from '../support/well-formed.ts';

export interface Limits {
  readonly characters: number;
  readonly items: number;
}

/** A copy whose strings and lists are cut to the limits, cut strings saying so. */
export function shorten<T>(value: T, limits: Limits): T {
  return shortenAny(value, limits) as T;
}

function shortenAny(value: unknown, limits: Limits): unknown {
  if (typeof value === 'string') return shortenText(value, limits.characters);
  if (Array.isArray(value)) return value.slice(0, limits.items).map((item) => shortenAny(item, limits));
  if (typeof value !== 'object' || value === null) return value;
  if (isBodyContent(value)) return shortenContent(value, limits.characters);
  const entries = Object.entries(value).slice(0, limits.items);
  return Object.fromEntries(
    entries.map(([key, item]) => [shortenText(key, limits.characters), shortenAny(item, limits)]),
  );
}

function shortenText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${toWellFormed(text.slice(0, characters))}… [cut, ${text.length} characters]`;
}

function isBodyContent(value: object): value is BodyContent {
  return 'text' in value && 'encoding' in value && 'truncated' in value;
}

/** Stays what it says it is: base64 ends with a group. */
function shortenContent(content: BodyContent, characters: number): BodyContent {
  const { text, encoding } = content;
  if (text.length <= characters) return content;
  const length = encoding === 'base64' ? characters - (characters % 4) : characters;
  return { text: toWellFormed(text.slice(0, length)), encoding, truncated: true };
}
