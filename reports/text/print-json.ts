/** What JSON allows raw and a terminal would obey: DEL, C1, line separators, bidirectional and zero-width controls. */
const INVISIBLE =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** JSON for people and programs, with a last newline and nothing in it that a terminal would obey. */
export function printJson(value: unknown): string {
  return `${escapeInvisible(JSON.stringify(value, null, 2))}\n`;
}

/** The same JSON with every character visible. */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
