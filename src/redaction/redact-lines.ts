import { isHarmless, isSecretMember, REDACTED } from './secret-names.ts';

/** `name = value` and `name: value`, as INI, properties, .npmrc, .env and YAML files have it at the start of a line. */
const ASSIGNMENT =
  /^([ \t]{0,256}(?:- |export |set )?["']?)((?:\/\/[^\s=]{1,256}:)?[\w.-]{1,128})(["']?[ \t]{0,16}[=:](?![=/])[ \t]{0,16})/;
/** What of a block in YAML tells that its name is that of a package: `jsonwebtoken`. */
const PACKAGE =
  /^[ \t]{0,256}(?:version|specifier|resolved|resolution|integrity|dev|optional)[ \t]{0,16}:|^\{ ?"?version/;
/** The value stands below: as text, a list or a mapping. */
const BLOCK = /^(?:[|>][-+\d]{0,3})?[ \t]{0,16}$/;
const NAMED = /^[ \t]{0,256}(?:- )?(?:name|key):[ \t]{1,16}["']?([\w.-]{1,128})["']?[ \t]{0,16}$/;
const VALUE_LINE = /^([ \t]{0,256}(?:- )?value:[ \t]{1,16})\S/;
const NETRC = /(?:^|\n)[ \t]{0,16}(?:machine[ \t\n]|default[ \t\n])/;

/** Redacts lines of configuration files: to their end, and the blocks below names in YAML. */
export function redactLines(text: string): string {
  const safe = NETRC.test(text) ? redactNetrc(text) : text;
  if (!/[=:]/.test(safe)) return safe;
  const lines = safe.split('\n');
  const named = findNamedValues(lines);
  const isManifestOfSecrets = /^kind:[ \t]{1,16}["']?Secret\b/m.test(safe);
  const result: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const redacted = redactLine(line, {
      isNamed: named.has(index),
      next: lines[index + 1] ?? '',
      isManifestOfSecrets,
    });
    result.push(redacted.line);
    if (!redacted.hidesBlock) continue;
    const end = endOfBlock(lines, index);
    if (end > index + 1) result.push(`${/^\s*/.exec(lines[index + 1] ?? '')?.[0] ?? ''}${REDACTED}`);
    index = end - 1;
  }
  return result.join('\n');
}

function redactNetrc(text: string): string {
  return text.replace(/(\b(?:password|passwd|account)\s{1,16})(\S{1,1024})/g, `$1${REDACTED}`);
}

interface Place {
  readonly isNamed: boolean;
  readonly next: string;
  readonly isManifestOfSecrets: boolean;
}

function redactLine(line: string, place: Place): { line: string; hidesBlock: boolean } {
  if (place.isNamed)
    return { line: line.replace(/(value:[ \t]{1,16}).*/, `$1${REDACTED}`), hidesBlock: false };
  const assignment = readAssignment(line);
  if (assignment === undefined || !isSecret(assignment, place)) return { line, hidesBlock: false };
  const { head, value, isYaml } = assignment;
  if (isYaml && BLOCK.test(value)) return { line, hidesBlock: !PACKAGE.test(place.next) };
  if (isPlain(assignment)) return { line, hidesBlock: false };
  return { line: `${head}${hide(value)}${line.slice(head.length + value.length)}`, hidesBlock: false };
}

interface Assignment {
  /** What stands before the value. */
  readonly head: string;
  readonly name: string;
  readonly value: string;
  readonly isYaml: boolean;
}

function readAssignment(line: string): Assignment | undefined {
  const match = ASSIGNMENT.exec(line);
  if (match === null) return undefined;
  const [head, , key = '', separator = ''] = match;
  const value = line.slice(head.length).replace(/\r$/, '');
  return { head, name: key.slice(key.lastIndexOf(':') + 1), value, isYaml: separator.includes(':') };
}

function isSecret({ name }: Assignment, { isManifestOfSecrets }: Place): boolean {
  return isSecretMember(name) || (isManifestOfSecrets && /^(?:stringData|data)$/.test(name));
}

function isPlain({ name, value, isYaml }: Assignment): boolean {
  return PACKAGE.test(value) || isHarmless(name, unquote(value)) || (isYaml && isSource(value));
}

/** A member of an object in a program, or of JSON: redacted elsewhere, up to the comma only. */
function isSource(value: string): boolean {
  return /^["'[{(]/.test(value) ? /[,[{(]$/.test(value) : /[,;{(]$/.test(value);
}

function hide(value: string): string {
  const quote = /^(["']).{0,4096}\1$/.exec(value)?.[1] ?? '';
  return quote + REDACTED + quote;
}

function unquote(value: string): string {
  return value.replace(/^["']|["'][ \t]{0,16}$/g, '');
}

/** The line after those that belong to the block that this line opens: they are indented further, or items of its list. */
function endOfBlock(lines: readonly string[], start: number): number {
  const indent = indentOf(lines[start] ?? '');
  let end = start + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (line.trim() === '') continue;
    const isItem = indentOf(line) === indent && line.trimStart().startsWith('- ');
    if (indentOf(line) <= indent && !isItem) break;
  }
  return end;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The lines `value: …` beside a line `name: …` that names a secret, before or after it. */
function findNamedValues(lines: readonly string[]): Set<number> {
  const found = new Set<number>();
  for (const [index, line] of lines.entries()) {
    const name = NAMED.exec(line)?.[1];
    if (name === undefined || !isSecretMember(name)) continue;
    for (const beside of [index - 1, index + 1]) if (VALUE_LINE.test(lines[beside] ?? '')) found.add(beside);
  }
  return found;
}
