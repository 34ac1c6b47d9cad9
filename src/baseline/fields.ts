const INVISIBLE = /[\s\p{C}]/gu;

/** A text as one field of a line: without blanks and what cannot be seen, which are escaped as in URLs; `-` for none. */
export function fieldOf(text: string): string {
  if (text === '') return '-';
  return text.replace(INVISIBLE, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
