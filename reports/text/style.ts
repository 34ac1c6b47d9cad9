/** Turns text into coloured text, or leaves it. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
}

const plain = (text: string): string => text;
const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

export function createStyle(colour: boolean): Style {
  if (!colour) return { bold: plain, dim: plain, good: plain, bad: plain, warn: plain };
  return { bold: sgr(1, 22), dim: sgr(2, 22), good: sgr(32, 39), bad: sgr(31, 39), warn: sgr(33, 39) };
}

/** The text without the colours that a style gave it. */
export function withoutColour(text: string): string {
  return text.replace(/\u001b\[\d+m/g, '');
}
