import { parse } from 'yaml';

/** Aliases may stand for at most so many nodes: a small file must not become a large value. */
const MAX_ALIASES = 100;

export function parseYaml(text: string): unknown {
  return parse(text, {
    maxAliasCount: MAX_ALIASES,
    prettyErrors: false,
    logLevel: 'silent',
    schema: 'failsafe',
  });
}
