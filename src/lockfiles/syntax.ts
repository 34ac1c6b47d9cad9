import type { Syntax } from './parser.ts';

/** Reads a text in a syntax; what reads it is loaded only then, as most runs have no lockfile of most kinds. */
export async function readSyntax(syntax: Syntax, text: string): Promise<unknown> {
  if (syntax === 'yaml') return (await import('./yaml.ts')).parseYaml(text);
  return (await import('./toml.ts')).parseToml(text);
}
