/** Replaces lone surrogates, which UTF-8 cannot carry, by U+FFFD. */
export function toWellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Cs}/gu, '\ufffd') : text;
}
