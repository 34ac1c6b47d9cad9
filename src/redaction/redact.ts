import { redactBody, redactData, type BodyFacts, type RedactedBody } from './redact-body.ts';
import { redactArguments } from './redact-command.ts';
import { selectHeaders, type HeaderLevel } from './redact-headers.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';
import { createValueRedactor } from './secret-values.ts';
import { toWellFormed } from '../support/well-formed.ts';

/** What makes traffic and command lines fit to be stored. Pure; `REDACTED` stands wherever a secret stood. */
export interface Redactor {
  /** A URL or reference; longer than 8,192 characters it is cut and its length noted. */
  url(url: string): string;
  /** Of a flat name/value list, the headers of a level (default `safe`: an allow-list), names in lower case. */
  headers(raw: readonly string[], level?: HeaderLevel): Record<string, string>;
  /** A message, a header value or any other text; cut like a URL. */
  text(text: string): string;
  /** A body, or the beginning of one. */
  body(bytes: Buffer, facts: BodyFacts): RedactedBody;
  /** A command line as argv; at most 1,000 arguments. */
  command(argv: readonly string[]): string[];
}

const MAX_STORED = 8_192;
/** What is longer is cut before it is searched, not only before it is stored. */
const MAX_SEARCHED = 65_536;
const MAX_ARGUMENTS = 1_000;
const MAX_REMEMBERED = 500;
/** Most URLs are of one exchange: more than those in flight would only keep them until they count as long-lived objects. */
const MAX_URLS_REMEMBERED = 64;

/**
 * Makes the redactor of one run. `secrets` are exact values that must not appear in any form, usually
 * `findSecrets(process.env)`.
 */
export function createRedactor({ secrets = [] }: { secrets?: readonly string[] } = {}): Redactor {
  const redactValues = createValueRedactor(secrets);
  // That of a request is asked for again for its artifact, and as a referer.
  const url = remember(
    (value) => within(redactValues(value), value.length, (text) => redactUrl(text, redactText)),
    MAX_URLS_REMEMBERED,
  );
  const text = (value: string): string => within(redactValues(value), value.length, redactText);
  const argument = (value: string): string =>
    within(redactValues(value), value.length, (whole) =>
      redactText(redactData(whole, (piece) => redactText(redactValues(piece)))),
    );
  const remembered = remember(text, MAX_REMEMBERED);
  return {
    url,
    text,
    headers: (raw, level = 'safe') => selectHeaders(raw, { level, redactUrl: url, redactText: remembered }),
    body: (bytes, facts) => redactBody(bytes, facts, redactValues),
    command: (argv) => {
      const redacted = redactArguments(argv.slice(0, MAX_ARGUMENTS), argument);
      const more = argv.length - MAX_ARGUMENTS;
      return more > 0 ? [...redacted, `… and ${more} more arguments`] : redacted;
    },
  };
}

function within(text: string, length: number, redact: (text: string) => string): string {
  const safe = redact(text.length > MAX_SEARCHED ? dropLastWord(text.slice(0, MAX_SEARCHED)) : text);
  if (safe.length <= MAX_STORED && text.length <= MAX_SEARCHED) return toWellFormed(safe);
  return `${toWellFormed(safe.slice(0, MAX_STORED))}… [cut, ${length} characters]`;
}

/** A token that was cut in half is no longer known by its shape. */
function dropLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && !/[\s/?&;,]/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Header values and URLs repeat. */
function remember(redact: (text: string) => string, limit: number): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (text.length > 512) return redact(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const redacted = redact(text);
    if (known.size >= limit) known.clear();
    known.set(text, redacted);
    return redacted;
  };
}
