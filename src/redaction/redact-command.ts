import { isSecretName, REDACTED } from './secret-names.ts';

/** Redacts a command line, argument by argument; an argument that is itself a shell line, word by word. */
export function redactArguments(argv: readonly string[], redactText: (text: string) => string): string[] {
  return redactWords(argv, { redactText, passwordFlag: undefined, depth: 0 });
}

/** Shell lines within shell lines (`ssh host "sh -c '…'"`) are followed so far. */
const MAX_DEPTH = 4;

interface Context {
  readonly redactText: (text: string) => string;
  /** The short flag that takes a password, where the program has one. */
  readonly passwordFlag: string | undefined;
  readonly depth: number;
}

function redactWords(argv: readonly string[], outer: Context): string[] {
  const programs = new Set(argv.map((argument) => argument.slice(argument.lastIndexOf('/') + 1)));
  const context = { ...outer, passwordFlag: passwordFlagOf(programs) };
  return argv.map((argument, index) => {
    const hide = hiderAfter(argv, index, context.passwordFlag);
    return hide?.(argument) ?? redactArgument(argument, context);
  });
}

type Hide = (argument: string) => string | undefined;

const hideAll: Hide = () => REDACTED;
const hideUnlessPath: Hide = (value) => (/[/\\]|\.\w{2,5}$/.test(value) ? undefined : REDACTED);
/** `user:password` keeps the user; two numbers are a user and a group id. */
const hidePassword: Hide = (value) => {
  const at = value.indexOf(':');
  return at === -1 || value.startsWith('//', at + 1) || /^\d+:\d+$/.test(value)
    ? undefined
    : `${value.slice(0, at)}:${REDACTED}`;
};
const hideHeader: Hide = (value) => {
  const name = /^([\w-]+)\s*[:;]/.exec(value)?.[1];
  return name !== undefined && isSecretName(name) ? `${name}: ${REDACTED}` : undefined;
};
const hideCookies: Hide = (value) => (value.includes('=') ? REDACTED : undefined);

const flagValues: Readonly<Record<string, Hide>> = {
  '-u': hidePassword,
  '--user': hidePassword,
  '-U': hidePassword,
  '--proxy-user': hidePassword,
  '-a': hidePassword,
  '-H': hideHeader,
  '--header': hideHeader,
  '--proxy-header': hideHeader,
  '-b': hideCookies,
};

/** Those of them that are also written without a blank before the value. */
const ATTACHING = ['-u', '-U', '-H'];

/** What the arguments before this one say about it. */
function hiderAfter(
  argv: readonly string[],
  index: number,
  passwordFlag: string | undefined,
): Hide | undefined {
  const previous = argv[index - 1];
  const argument = argv[index];
  if (previous === undefined || argument === undefined || /^--[a-z]/i.test(argument)) return undefined;
  if (previous === passwordFlag) return hideAll;
  if (Object.hasOwn(flagValues, previous)) return flagValues[previous];
  const flag = /^--?([a-z][\w.-]*)$/i.exec(previous)?.[1];
  if (flag !== undefined) return hiderOfFlag(flag);
  return isSetting(previous, argv.slice(Math.max(0, index - 8), index - 1)) ? hideAll : undefined;
}

/** `npm config set NAME value`, `cargo login value`. */
function isSetting(name: string, before: readonly string[]): boolean {
  if (name === 'login') return before.includes('cargo');
  const isConfiguring = before.some((word) => word === 'set' || word === 'config' || word === 'configure');
  return isConfiguring && !/[\s=]/.test(name) && isSecretName(name);
}

function hiderOfFlag(flag: string): Hide | undefined {
  if (/^(?:no|with|without|keep|show)-/i.test(flag) || !isSecretName(flag)) return undefined;
  // `--key FILE` and `--ssh-key FILE` name files; `--api-key VALUE` does not.
  return isSecretName(flag.replace(/(?:^|(?:ssh|gpg|tls|client|cert|server|signing)[-_.])key$/i, ''))
    ? hideAll
    : hideUnlessPath;
}

function redactArgument(argument: string, context: Context): string {
  const known = redactAttached(argument, context.passwordFlag) ?? redactAssigned(argument);
  if (known !== undefined) return known;
  const safe = context.redactText(argument);
  return /\s/.test(safe) ? redactLine(safe, context) : safe;
}

/** `-pPASSWORD` where `-p` takes one, `-uUSER:PASSWORD`, `-HNAME:VALUE`. */
function redactAttached(argument: string, passwordFlag: string | undefined): string | undefined {
  const [, flag = '', value = ''] = /^(-[A-Za-z])([^-].*)$/s.exec(argument) ?? [];
  if (flag === '') return undefined;
  if (flag === passwordFlag) return flag + REDACTED;
  const hidden = ATTACHING.includes(flag) ? flagValues[flag]?.(value) : undefined;
  return hidden === undefined ? undefined : flag + hidden;
}

/** `NAME=value`, `--name=value`, `-Dname=value`, `//registry/:_authToken=value`. */
function redactAssigned(argument: string): string | undefined {
  const match = /^([^=\s]{1,256})=(.+)$/s.exec(argument);
  if (match === null) return undefined;
  const [, name = '', value = ''] = match;
  if (name.includes('://')) return undefined;
  const flagged = Object.hasOwn(flagValues, name) ? flagValues[name]?.(value) : undefined;
  if (flagged !== undefined) return `${name}=${flagged}`;
  return isSecretName(name) ? `${name}=${REDACTED}` : undefined;
}

const LOGINS = ['az', 'buildah', 'cf', 'crane', 'docker', 'helm', 'nerdctl', 'oras', 'podman', 'skopeo'];
const PASSWORD_IN_P = [
  'mariadb',
  'mongo',
  'mongodump',
  'mongosh',
  'mysql',
  'mysqladmin',
  'mysqldump',
  'sshpass',
  'twine',
];

/** The short flag that takes a password, for programs whose one is known; elsewhere `-p` is a port, a path, … */
function passwordFlagOf(programs: ReadonlySet<string>): string | undefined {
  if (programs.has('redis-cli')) return '-a';
  const isLogin = programs.has('login') && LOGINS.some((name) => programs.has(name));
  return isLogin || PASSWORD_IN_P.some((name) => programs.has(name)) ? '-p' : undefined;
}

/** A shell line: quoted or bare words, redacted like arguments; blanks and untouched words stay as they were. */
function redactLine(line: string, context: Context): string {
  if (context.depth >= MAX_DEPTH) return line;
  const pieces = splitWords(line);
  const words = pieces.filter((piece) => piece.trim() !== '').map(unquote);
  const redacted = redactWords(words, { ...context, depth: context.depth + 1 });
  let index = -1;
  return pieces
    .map((piece) => {
      if (piece.trim() === '') return piece;
      index++;
      return redacted[index] === words[index] ? piece : quoteLike(piece, redacted[index] ?? REDACTED);
    })
    .join('');
}

/** Words and the blanks between them, in turn; an unclosed quote runs to the end. */
function splitWords(line: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === '' && isBlank(character) !== isBlank(line.charAt(start))) {
      pieces.push(line.slice(start, at));
      start = at;
    }
    if (character === '\\' && quote !== "'") at++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
  }
  pieces.push(line.slice(start));
  return pieces;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

function quoteLike(original: string, word: string): string {
  const quote = /^["']/.exec(original)?.[0] ?? '';
  return quote + word + quote;
}

function unquote(word: string): string {
  const isQuoted = word.length > 1 && /^["']/.test(word) && word.endsWith(word.charAt(0));
  return isQuoted ? word.slice(1, -1) : word.replace(/["'\\]/g, '');
}
