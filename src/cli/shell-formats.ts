import { randomBytes } from 'node:crypto';

/** How variables are written for somebody who is to set them; `undefined` takes one away. */
export interface ShellFormat {
  readonly id: string;
  /** One statement; null where it cannot be said. */
  readonly write: (name: string, value: string | undefined) => string | null;
}

const sh: ShellFormat = {
  id: 'sh',
  write: (name, value) => (value === undefined ? `unset ${name}` : `export ${name}=${quoteSh(value)}`),
};

const fish: ShellFormat = {
  id: 'fish',
  write: (name, value) =>
    value === undefined ? `set -e ${name}` : `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`,
};

const powershell: ShellFormat = {
  id: 'powershell',
  write: (name, value) =>
    value === undefined
      ? `Remove-Item Env:${name} -ErrorAction SilentlyContinue`
      : // Typographic quotes end a string, too.
        `$env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
};

/** A file for a dotenv reader; what needs no quotes there is also right for `docker run --env-file`. */
const dotenv: ShellFormat = {
  id: 'dotenv',
  write: (name, value) => {
    if (value === undefined) return null;
    if (/^(?:[^\s'"`#\\$](?:[^'"`#\\$\r\n]*[^\s'"`#\\$])?)?$/.test(value)) return `${name}=${value}`;
    if (!value.includes("'")) return `${name}='${value}'`;
    return /["\\$\r\n]/.test(value) ? null : `${name}="${value}"`;
  },
};

/** For `>> "$GITHUB_ENV"`, which refuses NODE_OPTIONS. */
const github: ShellFormat = {
  id: 'github',
  write: (name, value) => {
    if (value === undefined || name === 'NODE_OPTIONS') return null;
    const end = `end-${randomBytes(12).toString('hex')}`;
    return `${name}<<${end}\n${value}\n${end}`;
  },
};

/** A member each, in one object: `writeVariables` puts them together. */
const json: ShellFormat = {
  id: 'json',
  write: (name, value) => `${JSON.stringify(name)}: ${JSON.stringify(value ?? null)}`,
};

export const shellFormats: readonly ShellFormat[] = [dotenv, fish, github, json, powershell, sh];

export interface WrittenVariables {
  readonly text: string;
  /** What the format cannot say. */
  readonly left: readonly string[];
}

/** All variables, in the order of their names. */
export function writeVariables(
  format: ShellFormat,
  variables: Readonly<Record<string, string>>,
  dropped: readonly string[],
): WrittenVariables {
  const all = new Map<string, string | undefined>([
    ...dropped.map((name) => [name, undefined] as const),
    ...Object.entries(variables),
  ]);
  const names = [...all.keys()].sort();
  const statements = names.map((name) => ({ name, text: format.write(name, all.get(name)) }));
  const said = statements.flatMap(({ text }) => text ?? []);
  const left = statements.filter(({ text }) => text === null).map(({ name }) => name);
  if (format === json) return { text: `{\n  ${said.join(',\n  ')}\n}\n`, left };
  return { text: said.map((statement) => `${statement}\n`).join(''), left };
}

function quoteSh(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
