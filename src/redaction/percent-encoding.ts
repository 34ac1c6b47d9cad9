import { toWellFormed } from '../support/well-formed.ts';

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
