import { findSimilar } from './find-similar.ts';
import { optionTable } from './option-table.ts';
import { variableOf } from './options.ts';
import { printNote } from './terminal.ts';

const PREFIX = 'PROXAUDIT_';
/** What a run tells its command, and what proxaudit's own tests are told. */
const OTHERS = /^PROXAUDIT_(?:ACTIVE|TEST)_/;
const MOST_SHOWN = 5;

/** Tells on stderr of variables that look like proxaudit's and are not: what they were to say is not heard. */
export function warnOfUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const candidates = Object.keys(env).filter(
    (name) => name.startsWith(PREFIX) && env[name] !== '' && !OTHERS.test(name),
  );
  if (candidates.length === 0) return;
  const known = [...optionTable.map(variableOf), 'PROXAUDIT_CLIENT_CERT_PASSPHRASE'];
  const unknown = candidates.filter((name) => !known.includes(name)).sort();
  if (unknown.length === 0) return;
  const shown = unknown.slice(0, MOST_SHOWN).map((name) => {
    const similar = findSimilar(name, known);
    return similar === undefined ? name.slice(0, 64) : `${name} (did you mean ${similar}?)`;
  });
  const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : '';
  const noun = unknown.length === 1 ? 'variable' : 'variables';
  printNote(`warning: no option has the ${noun} ${shown.join(', ')}${more}`);
}
