/** East Asian wide characters and pictographs take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Extended_Pictographic}/u;

/** Columns that escaped text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (character <= '~') return 1;
  return /\p{Mn}|\p{Me}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

/** Cuts the end off text that is too wide. */
export function fitEnd(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${take(Array.from(text), width - 1)}…`;
}

/** Cuts out of the middle; the end, which tells hosts and files apart, keeps two thirds. */
export function fitMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const start = take(Array.from(text), Math.floor((width - 1) / 3));
  const end = take(Array.from(text).reverse(), width - 1 - widthOf(start));
  return `${start}…${Array.from(end).reverse().join('')}`;
}

function take(characters: readonly string[], width: number): string {
  let taken = '';
  let left = width;
  for (const character of characters) {
    left -= columnsOf(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

/** Breaks text into lines at blanks, words that are too wide anywhere. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    while (widthOf(line) > width) {
      const head = take(Array.from(line), width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}
