import { ownFile, type ConfigurationFile } from './find-configuration.ts';
import { findSimilar } from './find-similar.ts';
import type { OptionSpec } from './option-spec.ts';
import { optionTable } from './option-table.ts';
import { keyOf, variableOf } from './options.ts';

const specs: ReadonlyMap<string, OptionSpec> = new Map(
  optionTable.filter(({ isNoKey }) => isNoKey !== true).map((spec) => [keyOf(spec), spec]),
);

/** Keys of the design that have no option yet. */
const LATER: ReadonlySet<string> = new Set(['policy']);

export function findKey(key: string): OptionSpec | undefined {
  return specs.get(key);
}

export interface Refusal {
  readonly problem: string;
  readonly hint?: string;
}

/** Why a key may not stand in a file; undefined where it may. */
export function refuseKey(
  key: string,
  spec: OptionSpec | undefined,
  { file, env }: { file: ConfigurationFile; env: Readonly<Record<string, string | undefined>> },
): Refusal | undefined {
  if (spec === undefined) return refuseUnknown(key);
  if (!file.isFound || spec.parseFound !== undefined) return undefined;
  return {
    problem: `${key} may not be set here: the command that is audited can write this file`,
    hint: `Give --${key} or ${variableOf(spec)}, or set it in ${ownFile(env)} or a file that --config names.`,
  };
}

function refuseUnknown(key: string): Refusal {
  if (LATER.has(key)) return { problem: `${key} is not available in this version` };
  if (key === 'config')
    return { problem: 'config cannot be set in a file: use --config or PROXAUDIT_CONFIG' };
  const similar = findSimilar(key, [...specs.keys(), 'waivers']);
  const shown = /^[\w.-]{1,40}$/.test(key) ? `key ${key}` : 'key';
  return { problem: `unknown ${shown}${similar === undefined ? '' : ` (did you mean ${similar}?)`}` };
}
