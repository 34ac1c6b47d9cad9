import { redactJson } from './redact-json.ts';
import { redactLines } from './redact-lines.ts';
import { redactMultipart } from './redact-multipart.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';
import { redactXml } from './redact-xml.ts';
import type { ValueRedactor } from './secret-values.ts';
import { toWellFormed } from '../support/well-formed.ts';

export interface BodyFacts {
  /** The value of `Content-Type`. */
  readonly contentType: string | undefined;
  /** The body went on after these bytes: they may end within a secret. */
  readonly isCut: boolean;
}

export interface RedactedBody {
  readonly text: string;
  /** What is no text is base64. */
  readonly encoding: 'utf-8' | 'base64';
}

/** Makes a body fit to be stored: plain, percent-encoded and base64 secrets, members of JSON, fields of forms, elements of XML. */
export function redactBody(bytes: Buffer, facts: BodyFacts, redactValues: ValueRedactor): RedactedBody {
  const text = decode(bytes, facts);
  if (text !== undefined) {
    return { text: toWellFormed(redactDecoded(text, facts, redactValues)), encoding: 'utf-8' };
  }
  // A character for each byte, so that what is text within is searched like text.
  const safe = redactDecoded(bytes.toString('latin1'), facts, redactValues);
  return { text: Buffer.from(safe, 'latin1').toString('base64'), encoding: 'base64' };
}

function redactDecoded(text: string, { contentType, isCut }: BodyFacts, redactValues: ValueRedactor): string {
  const known = redactValues(text, isCut);
  const whole = isCut ? dropLastWord(known) : known;
  const type = contentType?.toLowerCase() ?? '';
  if (isForm(whole, type)) return redactUrl(`?${whole}`, redactText).slice(1);
  return redactText(redactFormat(whole, type, (value) => redactText(redactValues(value))));
}

/** What the type is said to be counts less than what the body looks like: curl calls everything a form. */
function isForm(text: string, contentType: string): boolean {
  return (
    contentType.includes('x-www-form-urlencoded') && !/^\s{0,64}[[{<]|[^\r\n][\r\n]{1,2}[^\r\n]/.test(text)
  );
}

type RedactString = (text: string) => string;

function redactFormat(text: string, contentType: string, redactString: RedactString): string {
  if (contentType.includes('json') || looksLikeJson(text)) return redactXml(redactJson(text, redactString));
  if (contentType.includes('multipart/')) {
    return redactMultipart(text, contentType, (part, type) =>
      // Parts within parts are read as text.
      redactFormat(part, type.toLowerCase().replace('multipart/', ''), redactString),
    );
  }
  const safe = redactXml(text);
  return safe.trimStart().startsWith('<') ? safe : redactLines(safe);
}

/** JSON or XML in an argument, as curl and others send it. */
export function redactData(text: string, redactString: RedactString): string {
  return redactXml(looksLikeJson(text) ? redactJson(text, redactString) : text);
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** Tokens are known by their beginning: what is shorter than this after the last one may be too little of one to see. */
const MAX_WORD = 256;

function dropLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && end > text.length - MAX_WORD && !/[\s"'<>&,;{}]/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The text that the bytes are, in the charset that the type names or UTF-8; undefined when they are none. */
function decode(bytes: Buffer, { contentType, isCut }: BodyFacts): string | undefined {
  const charset =
    byteOrder(bytes) ?? /;\s*charset="?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  return (
    decodeAs(charset, bytes, isCut) ??
    (/^utf-?8$/i.test(charset) ? undefined : decodeAs('utf-8', bytes, isCut))
  );
}

/** UTF-16 that says so by its first bytes, as files of PowerShell do. */
function byteOrder(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return 'utf-16le';
  return mark === 'feff' ? 'utf-16be' : undefined;
}

function decodeAs(charset: string, bytes: Buffer, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: isCut });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
