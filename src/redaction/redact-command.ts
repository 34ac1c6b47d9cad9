import type { Command, FlagKind, Tool } from './command-grammar.ts';
import { tools, unknownTool } from './command-tools.ts';
import { hideValue, type ValueKind } from './hidden-values.ts';
import { isSecretName, REDACTED } from './secret-names.ts';
import { quoteLike, splitWords, unquote } from './shell-words.ts';

type RedactText = (text: string) => string;

/** Redacts a command line, argument by argument; an argument that is itself a shell line, word by word. */
export function redactArguments(argv: readonly string[], redactText: RedactText): string[] {
  return new CommandReader(redactText, 0).read(argv);
}

/** Shell lines within shell lines (`ssh host "sh -c '…'"`) are followed so far. */
const MAX_DEPTH = 4;

const toolsByName = new Map(tools.flatMap((tool) => tool.names.map((name) => [name, tool] as const)));
/** After these words a program's name comes. */
const SEPARATOR = /^(?:[;|&()`]{1,4}|\{|\}|then|do|else|!)$/;
/** The program reads the secret from its standard input: what `echo` gives to it is one. */
const READS_SECRET =
  /^(?:--(?:[a-z]{1,16}-)?(?:password|token|key|secret|body)-stdin|--with-token|chpasswd)$/;
/** Flags whose names are secret on command lines though they mean little elsewhere. */
const SECRET_FLAG = /^(?:otp|totp|pin|pwd|pass|creds|credentials|hmac)$/i;

/** Reads the arguments of one command line from the first to the last. */
class CommandReader {
  readonly #redactText: RedactText;
  readonly #depth: number;
  #tool: Tool | undefined;
  /** Commands and operands since the tool's name. */
  #operands: string[] = [];
  /** What the flag before says about the next argument. */
  #awaited: ValueKind | undefined;
  #isAfterSeparator = true;

  constructor(redactText: RedactText, depth: number) {
    this.#redactText = redactText;
    this.#depth = depth;
  }

  read(argv: readonly string[]): string[] {
    const echoed = findEchoed(argv);
    return argv.map((argument, index) => {
      const hidden = this.#next(argument);
      return echoed.has(index) ? REDACTED : (hidden ?? this.#redactPlain(argument));
    });
  }

  /** Undefined when the argument's place tells nothing. */
  #next(argument: string): string | undefined {
    const kind = this.#awaited;
    this.#awaited = undefined;
    if (kind !== undefined && !/^--[a-z]/i.test(argument)) return hideValue(kind, argument);
    if (SEPARATOR.test(argument)) {
      this.#endCommand();
      return undefined;
    }
    if (argument === '--') this.#isAfterSeparator = true;
    return /^-./.test(argument) ? this.#readFlag(argument) : this.#readOperand(argument);
  }

  #endCommand(): void {
    this.#isAfterSeparator = true;
    this.#tool = undefined;
    this.#operands = [];
    this.#awaited = undefined;
  }

  #readFlag(argument: string): string | undefined {
    const equals = argument.indexOf('=');
    const flag = equals === -1 ? argument : argument.slice(0, equals);
    const kind = this.#kindOf(flag);
    if (kind !== undefined && equals === -1) {
      this.#awaited = kind;
      return undefined;
    }
    if (kind !== undefined) {
      const hidden = hideValue(kind, argument.slice(equals + 1));
      return hidden === undefined ? undefined : `${flag}=${hidden}`;
    }
    return argument.startsWith('--') ? undefined : (this.#readCluster(argument) ?? redactAssigned(argument));
  }

  /** The kind of a flag's value, by the tool or by the flag's name. */
  #kindOf(flag: string): ValueKind | undefined {
    const known = this.#lookUp(flag);
    if (known !== undefined) return known === 'switch' ? undefined : known;
    const name = /^--?([a-z][\w.-]{1,128})$/i.exec(flag)?.[1];
    return name === undefined ? undefined : kindByName(name);
  }

  #lookUp(flag: string): FlagKind | undefined {
    const tool = this.#tool ?? unknownTool;
    for (const { command } of this.#commands(tool)) {
      const kind = command.flags?.[flag];
      if (kind !== undefined) return kind;
    }
    return tool.flags?.[flag];
  }

  /** `-sSu user:password`, `-uuser:password`, `-pPASSWORD`: letters up to the first that takes a value. */
  #readCluster(argument: string): string | undefined {
    const tool = this.#tool ?? unknownTool;
    for (let at = 1; at < argument.length; at++) {
      const flag = `-${argument.charAt(at)}`;
      const takesValue = tool.short?.includes(argument.charAt(at)) === true;
      const kind = this.#lookUp(flag) ?? (takesValue ? 'plain' : 'switch');
      if (kind === 'switch') {
        if (tool === unknownTool) return undefined;
        continue;
      }
      const value = argument.slice(at + 1);
      if (value === '') {
        this.#awaited = kind;
        return undefined;
      }
      const hidden = hideValue(kind, value.replace(/^=/, ''));
      return hidden === undefined ? undefined : argument.slice(0, at + 1) + hidden;
    }
    return undefined;
  }

  #readOperand(argument: string): string | undefined {
    const tool = this.#findTool(argument);
    this.#isAfterSeparator = false;
    if (tool !== undefined) {
      this.#tool = tool;
      this.#operands = [];
      return undefined;
    }
    const hidden = this.#hideByPosition(argument) ?? redactAssigned(argument);
    this.#operands.push(argument);
    return hidden;
  }

  #findTool(argument: string): Tool | undefined {
    if (argument.length > 256 || argument.includes('://')) return undefined;
    const mayBeProgram =
      this.#tool === undefined ||
      this.#isAfterSeparator ||
      (this.#tool.launches === true && /^[./~]|^[^/]*$/.test(argument));
    return mayBeProgram ? toolsByName.get(programName(argument)) : undefined;
  }

  #hideByPosition(argument: string): string | undefined {
    const tool = this.#tool ?? unknownTool;
    for (const { command, length } of this.#commands(tool)) {
      const kind = command.positions?.[this.#operands.length - length];
      // `vault login token=…` and `npm config set name=…` tell by their names.
      if (kind === undefined || (kind !== 'user/password' && /^[\w./:@-]{1,256}=/.test(argument))) continue;
      const hidden = hideValue(kind, argument, this.#operands[length]);
      if (hidden !== undefined) return hidden;
    }
    const before = this.#operands.at(-1) ?? '';
    const isSetting = this.#operands.some((word) => /^(?:set|config|configure|config:set)$/.test(word));
    return isSetting && !/[\s=]/.test(before) ? hideValue('named', argument, before) : undefined;
  }

  /** The tool's commands that the operands so far name, and how many operands there are up to the command's end. */
  #commands(tool: Tool): { command: Command; length: number }[] {
    const words = this.#operands;
    return Object.entries(tool.commands ?? {}).flatMap(([path, command]) => {
      const [last = '', ...others] = path.split(' ').toReversed();
      const at = last === '' ? -1 : words.indexOf(last);
      const isNamed =
        last === '' ||
        (at !== -1 && others.every((word) => words.indexOf(word) !== -1 && words.indexOf(word) < at));
      return isNamed ? [{ command, length: at + 1 }] : [];
    });
  }

  #redactPlain(argument: string): string {
    const safe = this.#redactText(argument);
    return /\s/.test(safe) && this.#depth < MAX_DEPTH ? this.#redactLine(safe) : safe;
  }

  /** A shell line: quoted or bare words, redacted like arguments; blanks and untouched words stay as they were. */
  #redactLine(line: string): string {
    const pieces = splitWords(line);
    const words = pieces.filter((piece) => piece.trim() !== '').map(unquote);
    const inner = new CommandReader(this.#redactText, this.#depth + 1);
    const redacted = inner.read(words);
    let index = -1;
    return pieces
      .map((piece) => {
        if (piece.trim() === '') return piece;
        index++;
        return redacted[index] === words[index] ? piece : quoteLike(piece, redacted[index] ?? REDACTED);
      })
      .join('');
  }
}

/** `/usr/bin/pip3`, `npm-cli.js` and `docker.exe` are pip, npm and docker. */
function programName(word: string): string {
  const name = word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1).toLowerCase();
  if (toolsByName.has(name)) return name;
  return name
    .replace(/(?:-cli)?\.(?:[cm]?js|exe|cmd|bat|ps1|sh|py|phar|jar)$/, '')
    .replace(/[\d.]{1,8}$/, '');
}

function kindByName(name: string): ValueKind | undefined {
  if (/^(?:no|with|without|keep|show)-/i.test(name)) return undefined;
  if (/creds$/i.test(name)) return 'user:password';
  if (!isSecretName(name) && !SECRET_FLAG.test(name)) return undefined;
  // `--key FILE` and `--ssh-key FILE` name files; `--api-key VALUE` does not.
  const rest = name.replace(/(?:^|(?:ssh|gpg|tls|client|cert|server|signing)[-_.])key$/i, '');
  return isSecretName(rest) || SECRET_FLAG.test(rest) ? 'secret' : 'secret-or-file';
}

/** `NAME=value`, `-Dname=value`, `//registry/:_authToken=value`. */
function redactAssigned(argument: string): string | undefined {
  const match = /^([^=\s"'{}<>]{1,256})=(?!=)(.+)$/s.exec(argument);
  const [, name = '', value = ''] = match ?? [];
  if (match === null || name.includes('://') || !isSecretName(name)) return undefined;
  const hidden = hideValue('secret', value);
  return hidden === undefined ? undefined : `${name}=${hidden}`;
}

/** What `echo` and here-strings give to a program that reads a secret from its standard input. */
function findEchoed(argv: readonly string[]): Set<number> {
  const found = new Set<number>();
  if (!argv.some((word) => READS_SECRET.test(word))) return found;
  let isEchoed = false;
  for (const [index, word] of argv.entries()) {
    if (isEchoed && word !== '|' && !/^-[neE]+$|^\$|^%s/.test(word)) found.add(index);
    if (word === '|') isEchoed = false;
    if (/^(?:echo|printf)$/.test(word)) isEchoed = true;
    if (word === '<<<') found.add(index + 1);
  }
  return found;
}
