import { InvalidArgumentError } from 'commander';
import {
  isHostPattern,
  isLoopback,
  parseClientCertificate,
  parseResolveRule,
  type ClientCertificateRule,
  type ResolveRule,
} from '../audit/index.ts';
import { AuditError } from '../support/errors.ts';

/** Gathers a repeated option; a variable holds several values, separated by white space or what is given. */
export function collect<T>(
  parse: (text: string) => T,
  separator = /\s+/,
): (text: string, previous: readonly T[] | undefined) => T[] {
  return (text, previous) => {
    const items = text.split(separator).filter(Boolean);
    try {
      return [...(previous ?? []), ...items.map((item) => parse(item))];
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      // Of several, the message alone tells which.
      throw new InvalidArgumentError(items.length > 1 ? error.message : withoutOption(error.message));
    }
  };
}

/** What was expected: the option and its value are told already. */
export function withoutOption(message: string): string {
  const expected = message.replace(/^--[a-z-]+ [^]*?: (?=expected )/, '');
  return expected === message ? message : `${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`;
}

export function parseRule(text: string): ResolveRule {
  return parseResolveRule(text);
}

export function parseCertificate(text: string): ClientCertificateRule {
  return parseClientCertificate(text);
}

export function parseHost(text: string): string {
  if (isHostPattern(text)) return text;
  throw new InvalidArgumentError('Expected a host name or *.SUFFIX, without scheme or port.');
}

export function parseFile(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('Expected the name of a file.');
}

export function parseLoopback(text: string): string {
  if (isLoopback(text)) return text;
  throw new InvalidArgumentError('Expected a loopback address: 127.0.0.1, ::1 or localhost.');
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

export function parseNumber(text: string, { from, to, whole }: Range): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`Expected a ${whole ? 'whole ' : ''}number from ${from} to ${to}.`);
}

const MAX_COUNT = 1_000_000;
const SECOND = 1_000;
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3_600 * SECOND,
  d: 86_400 * SECOND,
  w: 7 * 86_400 * SECOND,
};

export function parseCount(text: string): number {
  return parseNumber(text, { from: 0, to: MAX_COUNT, whole: true });
}

/** Milliseconds. */
export function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor !== undefined) return Number(number) * factor;
  throw new InvalidArgumentError('Expected a number and a unit, for example 90m, 12h, 30d or 4w.');
}

/** A SHA-256 in hex, as the summary prints it, in lower case. */
export function parseHead(text: string): string {
  const [, digest] = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text) ?? [];
  if (digest !== undefined) return digest.toLowerCase();
  throw new InvalidArgumentError(
    'Expected the head that the summary printed: 64 hexadecimal digits, the SHA-256 of a line.',
  );
}

/** What X.520 lets a common name be. */
export function parseCommonName(text: string): string {
  if (/^[^\p{C}]{1,64}$/u.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 64 printable characters.');
}
