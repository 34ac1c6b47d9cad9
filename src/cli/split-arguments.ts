import type { Command } from 'commander';

export interface SplitArguments {
  /** proxaudit's own options. */
  readonly own: readonly string[];
  /** The command as it was given, or a subcommand and its arguments. */
  readonly rest: readonly string[];
  /** A `--` stood before it: the rest is a command, whatever it is called. */
  readonly isExplicit: boolean;
}

/** Divides the arguments at `--` or at the first one that is neither an option nor an option's value. */
export function splitArguments(args: readonly string[], command: Command): SplitArguments {
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '--')
      return { own: args.slice(0, index), rest: args.slice(index + 1), isExplicit: true };
    if (!argument.startsWith('-') || argument === '-') {
      return { own: args.slice(0, index), rest: args.slice(index), isExplicit: false };
    }
    if (takesNextArgument(argument, command)) index += 1;
  }
  return { own: args, rest: [], isExplicit: false };
}

/** `--name=value` carries its value, and so does `-oFILE`; of `-qo` only the last letter may want one. */
function takesNextArgument(argument: string, { options }: Command): boolean {
  if (argument.startsWith('--')) return options.some(({ long, required }) => required && argument === long);
  const letters = Array.from(argument.slice(1));
  const wanting = letters.findIndex((letter) =>
    options.some(({ short, required }) => required && short === `-${letter}`),
  );
  return wanting !== -1 && wanting === letters.length - 1;
}
