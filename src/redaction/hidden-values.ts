import { isSecretHeader, isSecretName, REDACTED } from './secret-names.ts';

/** What of a value on a command line is secret. */
export type ValueKind =
  /** Nothing, but it is a value: no flag and no command. */
  | 'plain'
  | 'secret'
  /** Everything, unless it names a file. */
  | 'secret-or-file'
  /** What follows the first colon: `user:password`. */
  | 'user:password'
  | 'user,password'
  | 'user%password'
  | 'user/password'
  /** `FILE:PASSWORD`, as curl's `--cert`. */
  | 'file:password'
  /** `Name: value`, by the name. */
  | 'header'
  /** Cookies, or the file that has them. */
  | 'cookies'
  /** `name=value`, by the name; in the value a header may stand. */
  | 'setting'
  /** `name=value`, whatever the name. */
  | 'secret-setting'
  /** By the name that stands before it: `config set NAME VALUE`. */
  | 'named';

type Hide = (value: string, name: string) => string | undefined;

const hiders: Readonly<Record<ValueKind, Hide>> = {
  plain: () => undefined,
  secret: () => REDACTED,
  'secret-or-file': (value) => (/[/\\]|\.\w{2,5}$/.test(value) ? undefined : REDACTED),
  'user:password': hidePassword,
  'user,password': (value) => hideAfter(value, ','),
  'user%password': (value) => hideAfter(value, '%'),
  'user/password': (value) => hideAfter(value, '/'),
  // A drive of Windows is no name of a file.
  'file:password': (value) => (/^[A-Za-z]:[\\/][^:]*$/.test(value) ? undefined : hideAfter(value, ':')),
  header: hideHeader,
  cookies: (value) => (value.includes('=') ? REDACTED : undefined),
  setting: (value) => hideSetting(value, false),
  'secret-setting': (value) => hideSetting(value, true),
  named: (_, name) => (isSecretSetting(name) ? REDACTED : undefined),
};

/** The value with its secret part replaced; undefined when nothing in it is secret by its place. */
export function hideValue(kind: ValueKind, value: string, name = ''): string | undefined {
  return isReference(value) ? undefined : hiders[kind](value, name);
}

/** `$TOKEN`, `${TOKEN}`, `%TOKEN%`: where the secret is, not what it is. */
function isReference(value: string): boolean {
  return /^(?:\$\w{1,128}|\$\{\w{1,128}\}|%\w{1,128}%)$/.test(value);
}

function hideAfter(value: string, separator: string): string | undefined {
  const at = value.indexOf(separator);
  return at === -1 || at === value.length - 1 ? undefined : `${value.slice(0, at)}${separator}${REDACTED}`;
}

/** Two numbers are a user and a group id. */
function hidePassword(value: string): string | undefined {
  const at = value.indexOf(':');
  return value.startsWith('//', at + 1) || /^\d+:\d+$/.test(value) ? undefined : hideAfter(value, ':');
}

function hideHeader(value: string): string | undefined {
  const name = /^([\w-]{1,128})\s{0,8}[:;]/.exec(value)?.[1];
  return name !== undefined && isSecretHeader(name) ? `${name}: ${REDACTED}` : undefined;
}

function hideSetting(value: string, isSecret: boolean): string | undefined {
  const at = value.indexOf('=');
  // JSON, which may stand here too, is redacted by its members.
  if (at === -1 || /^[\s"'{[]/.test(value)) return undefined;
  const name = value.slice(0, at);
  if (isSecret || isSecretSetting(name)) return `${name}=${REDACTED}`;
  const header = hideHeader(value.slice(at + 1));
  return header === undefined ? undefined : `${name}=${header}`;
}

/** Also `http-basic.host`, `github-oauth.host` and `pypi-token.repository`, of Composer and Poetry. */
function isSecretSetting(name: string): boolean {
  return isSecretName(name) || /^(?:http-basic|github-oauth|gitlab-oauth|bearer|custom-headers)\./.test(name);
}
