import { REDACTED } from './secret-names.ts';
import { toWellFormed } from '../support/well-formed.ts';

const start = '(?<![A-Za-z0-9])';

/**
 * Tokens that give themselves away by their prefix. Every repetition is either bounded or the last thing of its
 * alternative, so that matching is linear.
 */
const SHAPES = new RegExp(
  [
    // Forges.
    'gh[opusr]_[A-Za-z0-9]{16,}|github_pat_\\w{16,}',
    'gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-[\\w-]{16,}',
    // Package registries.
    `${start}npm_[A-Za-z0-9]{30,}|${start}pypi-(?:AgE[\\w-]{13,}|[A-Za-z0-9_]{32,})|rubygems_[a-f0-9]{40,}`,
    `${start}cio[A-Za-z0-9]{32}(?![A-Za-z0-9])|dckr_[op]at_[\\w-]{16,}`,
    // Clouds.
    `${start}A(?:KIA|SIA|ROA|IDA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9])`,
    `AIza[\\w-]{30,}|${start}ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}|${start}do[opr]_v1_[a-f0-9]{40,}`,
    // Chat and mail.
    `xox[abeoprs]-[\\w-]{10,}|xapp-\\d-[\\w-]{10,}|${start}SG\\.[\\w-]{16,64}\\.[\\w-]{16,}`,
    // Payment and others.
    '[prs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[\\w+/=-]{16,}|shp(?:at|ca|pa|ss)_[a-f0-9]{32,}',
    `${start}sk-(?:proj-|ant-|or-v1-)[\\w-]{16,}|${start}sk-[A-Za-z0-9]{32,}|${start}hf_[A-Za-z0-9]{30,}`,
    'AGE-SECRET-KEY-1[A-Z0-9]{20,}|AT[AC]TT3[\\w=-]{20,}|dapi[a-f0-9]{32}',
    // Base64 of a JSON object: JWTs, with or without all their parts.
    `${start}eyJ[\\w-]{12,}(?:\\.[\\w-]*){0,4}`,
  ].join('|'),
  'g',
);

/** Replaces tokens of known shapes, plain or in base64; hex digests, uuids, versions and file names have none of them. */
export function redactShapes(text: string): string {
  if (text.length < 16) return text;
  return text.replace(SHAPES, REDACTED).replace(BASE64_WORD, (word) => (hidesToken(word) ? REDACTED : word));
}

/** Long enough for the shortest token; words of hex digits only are digests. */
const BASE64_WORD = /(?<![\w+-])(?![0-9a-f]+(?![\w+-]))[\w+-]{22,}={0,2}/gi;

/** A slash is base64 too, but ends a word in a path: what follows it may begin at any of the four places of a group. */
function hidesToken(word: string): boolean {
  return [0, 1, 2, 3].some((skipped) => {
    const decoded = Buffer.from(word.slice(skipped), 'base64').toString('latin1');
    return decoded.search(SHAPES) !== -1;
  });
}

const PERCENT_BYTE = /%([0-9A-Fa-f]{2})/g;

/** Undoes up to three layers of percent-encoding, bytes becoming characters of the same code. Never throws. */
export function decodePercent(text: string): string {
  let decoded = text;
  for (let layer = 0; layer < 3 && decoded.includes('%'); layer++) {
    decoded = decoded.replace(PERCENT_BYTE, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return decoded;
}

/** The inverse for one layer: what a URL cannot hold, and what would end a component, becomes `%HH`. */
export function encodePercent(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[^\x21-\x7e]|["#%&+<>?]/g, (character) => {
    const code = character.charCodeAt(0);
    return character.length === 1 && code < 256
      ? `%${code.toString(16).toUpperCase().padStart(2, '0')}`
      : encodeURIComponent(toWellFormed(character));
  });
}
