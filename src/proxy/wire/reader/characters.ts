/** Bytes by what they may stand for in a head (RFC 9110 section 5.6.2, RFC 5234). */
const TOKEN = 1;
/** Printable ASCII, that is neither a token's nor the colon. */
const DELIMITER = 2;
const BLANK = 4;
const CONTROL = 8;
const NON_ASCII = 16;

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;

const classes = classify();

function classify(): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0; code < 256; code++) {
    if (code === SPACE || code === TAB) table[code] = BLANK;
    else if (code < SPACE || code === 127) table[code] = CONTROL;
    else if (code > 127) table[code] = NON_ASCII;
    else table[code] = '"(),/:;<=>?@[\\]{}'.includes(String.fromCharCode(code)) ? DELIMITER : TOKEN;
  }
  return table;
}

export function isTokenCode(code: number): boolean {
  return classes[code] === TOKEN;
}

export function isBlankCode(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** A control character; the tab is a blank. */
export function isControlCode(code: number): boolean {
  return classes[code] === CONTROL;
}

export function isVisibleAscii(code: number): boolean {
  return code > SPACE && code < 127;
}

export function isToken(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (classes[text.charCodeAt(index)] !== TOKEN) return false;
  }
  return text.length > 0;
}

/** Decimal digits and nothing else. */
export function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}

/** The text without the spaces and tabs around it; other white space stays (`trim` takes more). */
export function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlankCode(text.charCodeAt(from))) from++;
  while (to > from && isBlankCode(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}
