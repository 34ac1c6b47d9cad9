import { isSecretName, REDACTED } from './secret-names.ts';

/** Shorter values would make ordinary text unreadable. */
const MIN_LENGTH = 8;
const MAX_LENGTH = 16_384;
/** Lines of a multi-line secret (a key file) are secrets of their own from this length on. */
const MIN_LINE_LENGTH = 16;

interface Needle {
  readonly text: string;
  /** Base64 cores are widened to the whole encoded word around them. */
  readonly isBase64: boolean;
}

interface Needles {
  readonly byFirst: ReadonlyMap<number, readonly Needle[]>;
  /** 1 at each character below 256 that a needle starts with; the percent sign may stand for any. */
  readonly starts: Uint8Array;
}
type Range = [start: number, end: number];

/** `postgres`, `password`: as exact values they would tear artifact URLs apart and hide nothing. */
const PLAIN_WORD = /^[a-z]{1,11}$/;

/**
 * The values in an environment that look secret: by their variable's name, or as the password in a URL. Short plain
 * words are left out; they are still hidden where a name or a place tells that they are secret.
 */
export function findSecrets(environment: Readonly<Record<string, string | undefined>>): string[] {
  const found = new Set<string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const password = /:\/\/[^\s/?#@:]*:([^\s/?#@]+)@/.exec(value)?.[1];
    if (password !== undefined) found.add(password);
    else if (isSecretName(name) && !/^https?:\/\//i.test(value)) found.add(value.trim());
  }
  return [...found].filter((value) => value.length >= MIN_LENGTH && !PLAIN_WORD.test(value));
}

/**
 * Makes a function that replaces exact secret values: plain, percent-encoded (any character, any number of layers)
 * and inside base64 or base64url at any offset. Values shorter than 8 characters are ignored.
 */
export function createValueRedactor(secrets: readonly string[]): ValueRedactor {
  const needles = indexNeedles(secrets.map((secret) => secret.trim()));
  if (needles.byFirst.size === 0) return (text) => text;
  return (text, isCut = false) =>
    text.length < MIN_LENGTH ? text : replaceRanges(text, findRanges(text, needles, isCut));
}

/** `isCut`: a secret may have been cut in half by the end of the text. */
export type ValueRedactor = (text: string, isCut?: boolean) => string;

/** Needles by their first character. */
function indexNeedles(secrets: readonly string[]): Needles {
  const parts = secrets.flatMap((secret) => [
    secret,
    ...(secret.includes('\n') ? secret.split(/\s+/).filter((line) => line.length >= MIN_LINE_LENGTH) : []),
  ]);
  const distinct = new Map<string, Needle>();
  for (const part of parts) {
    if (part.length < MIN_LENGTH) continue;
    for (const needle of formsOf(part.slice(0, MAX_LENGTH))) distinct.set(needle.text, needle);
  }
  const byFirst = new Map<number, Needle[]>();
  for (const needle of distinct.values()) {
    const first = needle.text.charCodeAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), needle]);
  }
  const starts = new Uint8Array(256);
  for (const code of byFirst.keys()) starts[code] = 1;
  starts[0x25] = 1;
  return { byFirst, starts };
}

function formsOf(secret: string): Needle[] {
  const bytes = Buffer.from(secret, 'utf8');
  const cores = [0, 1, 2].map((offset) => base64Core(bytes, offset));
  return [
    { text: decodeAll(secret), isBase64: false },
    // Header values and percent-decoded text carry UTF-8 as one character per byte.
    { text: decodeAll(bytes.toString('latin1')), isBase64: false },
    ...cores.map((text) => ({ text, isBase64: true })),
    ...cores.map((text) => ({ text: text.replaceAll('+', '-').replaceAll('/', '_'), isBase64: true })),
  ];
}

/** The characters of the base64 of anything that holds `bytes` at this offset modulo 3, whatever stands around it. */
function base64Core(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(Math.ceil((offset * 8) / 6), whole);
}

/** Where secrets stand, in order and without overlaps. */
function findRanges(text: string, { byFirst, starts }: Needles, isCut: boolean): Range[] {
  const ranges: Range[] = [];
  for (let index = 0; index < text.length; index++) {
    if (starts[text.charCodeAt(index)] === 0) continue;
    for (const needle of byFirst.get(codeAt(text, index)) ?? []) {
      const end = matchAt(text, index, { needle: needle.text, isCut });
      if (end !== -1) addRange(ranges, needle.isBase64 ? widen(text, index, end) : [index, end]);
    }
  }
  return ranges;
}

function addRange(ranges: Range[], [start, end]: Range): void {
  const last = ranges.at(-1);
  if (last === undefined || start > last[1]) ranges.push([start, end]);
  else ranges[ranges.length - 1] = [Math.min(start, last[0]), Math.max(end, last[1])];
}

/** Less of a secret at the end of a text that was cut tells nothing. */
const MIN_HALF = 4;

/** The end of the needle that starts here, or -1. Texts are compared as if all percent-encoding were undone. */
function matchAt(text: string, start: number, { needle, isCut }: { needle: string; isCut: boolean }): number {
  let at = start;
  for (let index = 0; index < needle.length; index++) {
    if (at >= text.length) return isCut && index >= MIN_HALF ? at : -1;
    const code = codeAt(text, at);
    const wanted = needle.charCodeAt(index);
    if (code !== wanted && !(wanted === 0x20 && code === 0x2b)) return -1;
    at = nextAfter(text, at);
  }
  return at;
}

function decodeAll(text: string): string {
  let decoded = '';
  for (let at = 0; at < text.length; at = nextAfter(text, at))
    decoded += String.fromCharCode(codeAt(text, at));
  return decoded;
}

function codeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code !== 0x25) return code;
  const end = nextAfter(text, at);
  return end === at + 1 ? code : Number.parseInt(text.slice(end - 2, end), 16);
}

/** `%41`, `%2541`, `%252541`… are one character each. */
function nextAfter(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x25) return at + 1;
  let end = at + 1;
  while (text.startsWith('25', end) && isHexPair(text, end + 2)) end += 2;
  return isHexPair(text, end) ? end + 2 : at + 1;
}

function isHexPair(text: string, at: number): boolean {
  return /^[0-9A-Fa-f]{2}$/.test(text.slice(at, at + 2));
}

function widen(text: string, start: number, end: number): Range {
  let [from, to] = [start, end];
  while (from > 0 && /[\w+=%-]/.test(text.charAt(from - 1))) from--;
  while (to < text.length && /[\w+=%-]/.test(text.charAt(to))) to++;
  return [from, to];
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  let result = '';
  let from = 0;
  for (const [start, end] of ranges) {
    result += text.slice(from, start) + REDACTED;
    from = end;
  }
  return result + text.slice(from);
}
