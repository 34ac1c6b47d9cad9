import { AuditError } from '../support/errors.ts';
import { print, STDOUT } from './terminal.ts';
import { listUsages, type Usage } from './usage.ts';

interface Verb extends Usage {
  readonly run: (args: readonly string[]) => Promise<number> | number;
}

/** A subcommand that does several things, each named by its own word. */
export interface VerbGroup {
  readonly name: string;
  readonly verbs: Readonly<Record<string, Verb>>;
  /** What is done when no word is there. */
  readonly fallback?: string;
}

/** Does what the first word of the arguments names, and returns the exit status. */
export async function dispatchVerb(
  { name, verbs, fallback }: VerbGroup,
  args: readonly string[],
): Promise<number> {
  const at = args.findIndex((argument) => !argument.startsWith('-'));
  if (at === -1 && args.some((argument) => argument === '--help' || argument === '-h')) {
    const help = `Usage: proxaudit ${name} ${fallback === undefined ? 'COMMAND' : '[COMMAND]'}\n\nCommands:\n${listUsages(Object.values(verbs))}\n\n`;
    const without = fallback === undefined ? '' : `Without COMMAND: ${fallback}. `;
    print(STDOUT, `${help}${without}Each has a --help of its own.\n`);
    return 0;
  }
  const word = at === -1 ? fallback : args[at];
  if (word !== undefined && Object.hasOwn(verbs, word)) {
    const rest = args.filter((_, index) => index !== at);
    return (await verbs[word]?.run(rest)) ?? 0;
  }
  const known = Object.keys(verbs).join(', ');
  throw new AuditError(
    'bad-usage',
    word === undefined ? `${name}: what to do is missing` : `${name}: there is no command '${word}'`,
    { hint: `Expected one of ${known}. To audit a program of that name: proxaudit -- ${name} …` },
  );
}
