import { readFileSync, readlinkSync } from 'node:fs';
import { AuditError } from '../support/errors.ts';
import { decodeBytes, encodeBytes, hasRawBytes } from '../support/raw-bytes.ts';

const REPLACEMENT = '\ufffd';
const HINT = 'Give it in UTF-8.';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Our own arguments without a loss: Node decodes them as UTF-8, and puts U+FFFD for what is none. `args` are those that
 * Node gives, the last ones of the command line. Throws `AuditError` where the system does not tell them (not Linux).
 */
export function readExactArguments(args: readonly string[]): readonly string[] {
  if (!args.some((argument) => argument.includes(REPLACEMENT))) return args;
  const exact = readList('cmdline').slice(-args.length);
  const isSame =
    exact.length === args.length && exact.every((bytes, index) => bytes.toString() === args[index]);
  if (!isSame) throw refuse('an argument is not UTF-8, and this system does not tell its bytes');
  return exact.map(decodeBytes);
}

/** Our own environment without a loss, in the same way. */
export function readExactEnvironment(env: Variables): Variables {
  const isLossy = (text: string): boolean => text.includes(REPLACEMENT);
  if (!Object.entries(env).some(([name, value = '']) => isLossy(name) || isLossy(value))) return env;
  const exact = new Map(readList('environ').map((bytes) => splitVariable(decodeBytes(bytes))));
  const told = new Map([...exact].map((variable) => variable.map(asNodeTells) as [string, string]));
  const entries = Object.entries(env).map(([name, value = '']): [string, string] => {
    if (!isLossy(name) && !isLossy(value)) return [name, value];
    // Of a variable with such a name Node knows no value.
    const isKnown = isLossy(name) ? told.has(name) : told.get(name) === value;
    if (!isKnown) throw refuse(`variable ${name} is not UTF-8, and this system does not tell its bytes`);
    return [name, exact.get(name) ?? value];
  });
  const rawNames = [...exact].filter(([name]) => hasRawBytes(name));
  return Object.fromEntries([...entries.filter(([name]) => !isLossy(name) || exact.has(name)), ...rawNames]);
}

function splitVariable(text: string): [name: string, value: string] {
  const end = text.indexOf('=', 1);
  return [text.slice(0, end), text.slice(end + 1)];
}

function asNodeTells(text: string): string {
  return encodeBytes(text).toString('utf8');
}

/** Files are named by strings here, so that those of our own options must be UTF-8; the value of `-c` is no such. */
export function refuseRawBytesIn(own: readonly string[], line: string | undefined): void {
  const isLine = (argument: string): boolean => line !== undefined && argument.endsWith(line);
  if (own.some((argument) => hasRawBytes(argument) && !isLine(argument))) {
    throw new AuditError('bad-usage', 'an option of proxaudit is not UTF-8', { hint: HINT });
  }
}

/** Throws where the working directory has a name with which Node cannot work. */
export function refuseRawDirectory(cwd: string): void {
  if (!cwd.includes(REPLACEMENT)) return;
  const exact = readLinkBytes('/proc/self/cwd');
  if (exact?.equals(Buffer.from(cwd)) === true) return;
  throw new AuditError('cannot-start', 'the name of the working directory is not UTF-8', {
    hint: 'Run it in a directory whose name, and the names of those above it, are UTF-8.',
  });
}

function refuse(message: string): AuditError {
  return new AuditError('cannot-start', message, { hint: HINT });
}

/** What stands between the NULs of a file of our own process; nothing where there is no such file. */
function readList(name: 'cmdline' | 'environ'): Buffer[] {
  const list: Buffer[] = [];
  const text = readOwn(name);
  for (let at = 0; at < text.length;) {
    const end = text.indexOf(0, at);
    if (end === -1) break;
    list.push(text.subarray(at, end));
    at = end + 1;
  }
  return list;
}

function readOwn(name: string): Buffer {
  try {
    return readFileSync(`/proc/self/${name}`);
  } catch {
    return Buffer.alloc(0);
  }
}

function readLinkBytes(path: string): Buffer | undefined {
  try {
    return readlinkSync(path, 'buffer');
  } catch {
    return undefined;
  }
}
