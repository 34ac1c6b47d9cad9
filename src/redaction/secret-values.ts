import { encodeBase32 } from './encoded-words.ts';
import { LiteralIndex } from './literal-index.ts';
import { replaceRanges, type Range } from './ranges.ts';
import { isSecretName } from './secret-names.ts';
import { layersOf } from './undo-escapes.ts';

/** Shorter values would make ordinary text unreadable. */
const MIN_LENGTH = 8;
const MAX_LENGTH = 16_384;
/** Lines of a multi-line secret (a key file) are secrets of their own from this length on. */
const MIN_LINE_LENGTH = 16;

/** What undoing escapes in a secret may leave of it, to be still looked for. */
const MIN_FORM = 4;

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

/** `isCut`: a secret may have been cut in half by the end of the text. */
export type ValueRedactor = (text: string, isCut?: boolean) => string;

/** How far a form that stands in an encoded word is widened: all of the word tells what is in it. */
type Widening = 'none' | 'word';

/**
 * Makes a function that replaces exact secret values: plain, with escapes of URLs, JSON or XML in up to three layers, and
 * inside base64 (once or twice), base64url, base32 or hexadecimal at any offset. Values shorter than 8 characters are
 * ignored.
 */
export function createValueRedactor(secrets: readonly string[]): ValueRedactor {
  const forms = allForms(secrets.map((secret) => secret.trim()));
  if (forms.size === 0) return (text) => text;
  const index = new LiteralIndex([...forms].map(([form, widening]) => [form, { form, widening }] as const));
  const longest = Math.max(...[...forms.keys()].map((form) => form.length));
  const findIn = (text: string, isCut: boolean): Range[] => {
    const ranges: Range[] = [];
    let searched = 0;
    index.scan(text, (at, { form, widening }) => {
      if (at + form.length <= searched) return;
      const range: Range = widening === 'word' ? widen(text, [at, at + form.length]) : [at, at + form.length];
      ranges.push(range);
      searched = Math.max(searched, range[1]);
    });
    if (isCut) {
      const from = Math.max(0, text.length - longest);
      index.scanEnd(text, { from, visit: (at) => ranges.push([at, text.length]) });
    }
    return ranges;
  };
  return (text, isCut = false) => {
    if (text.length < MIN_LENGTH) return text;
    const ranges = layersOf(text).flatMap((layer) => findIn(layer.text, isCut).map(layer.originOf));
    return replaceRanges(text, ranges);
  };
}

function allForms(secrets: readonly string[]): Map<string, Widening> {
  const parts = secrets.flatMap((secret) => [
    secret,
    ...(secret.includes('\n') ? secret.split(/\s+/).filter((line) => line.length >= MIN_LINE_LENGTH) : []),
  ]);
  const forms = new Map<string, Widening>();
  for (const part of parts) {
    if (part.length < MIN_LENGTH) continue;
    for (const form of encodedForms(part.slice(0, MAX_LENGTH))) forms.set(form, 'word');
    for (const form of plainForms(part.slice(0, MAX_LENGTH))) forms.set(form, 'none');
  }
  return forms;
}

/** A secret that has escapes in it looks different in texts in which other escapes are undone. */
function plainForms(secret: string): string[] {
  // Header values and percent-decoded text carry UTF-8 as one character per byte.
  const written = [secret, Buffer.from(secret, 'utf8').toString('latin1')];
  const forms = written.flatMap((form) => layersOf(form).map(({ text }) => text));
  return [...forms, ...forms.map((form) => form.replaceAll(' ', '+'))].filter(
    (form) => form.length >= MIN_FORM,
  );
}

function encodedForms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const base32 = codeOf(bytes, { bitsPerDigit: 5, encode: encodeBase32 });
  const base64 = base64Cores(bytes);
  const twice = base64.flatMap((core) => base64Cores(Buffer.from(core)));
  return [
    ...[hex, hex.toUpperCase(), ...base32, ...base32.map((core) => core.toLowerCase())],
    ...[...base64, ...twice].filter((core) => core.length >= MIN_LENGTH),
  ];
}

/** Of both alphabets. */
function base64Cores(bytes: Buffer): string[] {
  const cores = codeOf(bytes, { bitsPerDigit: 6, encode: (padded) => padded.toString('base64') });
  return [...cores, ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))];
}

interface Code {
  readonly bitsPerDigit: 5 | 6;
  readonly encode: (bytes: Buffer) => string;
}

/** The digits of the code of anything that holds the bytes, whatever stands around them: one form for each offset. */
function codeOf(bytes: Buffer, { bitsPerDigit, encode }: Code): string[] {
  const offsets = bitsPerDigit === 6 ? [0, 1, 2] : [0, 1, 2, 3, 4];
  return offsets.map((offset) =>
    encode(Buffer.concat([Buffer.alloc(offset), bytes])).slice(
      Math.ceil((offset * 8) / bitsPerDigit),
      Math.floor(((offset + bytes.length) * 8) / bitsPerDigit),
    ),
  );
}

function widen(text: string, [start, end]: Range): Range {
  let [from, to] = [start, end];
  while (from > 0 && /[\w+=%-]/.test(text.charAt(from - 1))) from--;
  while (to < text.length && /[\w+=%-]/.test(text.charAt(to))) to++;
  return [from, to];
}
