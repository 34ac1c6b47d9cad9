import type { RequestHead } from './reader/message-head.ts';

/** What is changed in a request head. Nothing else of what passes is ever changed. */
export interface HeadEdits {
  /** In the request line. */
  readonly target?: string;
  /** Names of fields, in lower case. */
  readonly remove?: readonly string[];
  /** Put before the first field, each with its value. */
  readonly add?: readonly (readonly [name: string, value: string])[];
}

const LF = 10;

/** The bytes of a head with some edits; all other bytes of it stay as they are, line ends included. */
export function editHead(bytes: Buffer, head: RequestHead, edits: HeadEdits): Buffer {
  const { target, remove = [], add = [] } = edits;
  const lines = splitLines(bytes.toString('latin1'));
  const first = lines.findIndex((line) => line.trim() !== '');
  const start = lines[first] ?? '';
  const at = start.indexOf(head.target, head.method.length);
  const changed =
    target === undefined || at < 0
      ? start
      : start.slice(0, at) + target + start.slice(at + head.target.length);
  const lineEnd = start.endsWith('\r\n') ? '\r\n' : '\n';
  const fields = remove.length === 0 ? lines.slice(first + 1) : withoutFields(lines.slice(first + 1), remove);
  const added = add.map(([name, value]) => `${name}: ${value}${lineEnd}`);
  return Buffer.from([...lines.slice(0, first), changed, ...added, ...fields].join(''), 'latin1');
}

/** With their line ends. */
function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf(String.fromCharCode(LF), at);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(at, next));
    at = next;
  }
  return lines;
}

/** A line that begins with a blank goes on with the field before it. */
function withoutFields(lines: readonly string[], names: readonly string[]): string[] {
  let isRemoved = false;
  return lines.filter((line) => {
    if (!/^[ \t]/.test(line)) {
      const name = line
        .slice(0, Math.max(0, line.indexOf(':')))
        .trim()
        .toLowerCase();
      isRemoved = names.includes(name);
    }
    return !isRemoved;
  });
}
