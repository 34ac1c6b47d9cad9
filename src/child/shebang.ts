import { trimEndOf } from '../support/trim-end.ts';

export interface Shebang {
  readonly interpreter: string;
  /** All that follows the interpreter, as one argument. */
  readonly argument: string | undefined;
}

/**
 * Reads `#!INTERPRETER [ARGUMENT]` as Linux does (execve(2)); undefined when there is none or it names nothing. A
 * carriage return belongs to the name, there as here.
 */
export function parseShebang(head: string): Shebang | undefined {
  if (!head.startsWith('#!')) return undefined;
  const line = trimEndOf(head.split('\n', 1)[0] ?? '', ' \t')
    .slice(2)
    .replace(/^[ \t]+/, '');
  const [interpreter = ''] = line.split(/[ \t]/, 1);
  if (interpreter === '') return undefined;
  const argument = line.slice(interpreter.length).replace(/^[ \t]+/, '');
  return { interpreter, argument: argument === '' ? undefined : argument };
}
