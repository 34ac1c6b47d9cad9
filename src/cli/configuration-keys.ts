import { ownFile, type ConfigurationFile } from './find-configuration.ts';
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
  const similar = findSimilar(key);
  const shown = /^[\w.-]{1,40}$/.test(key) ? `key ${key}` : 'key';
  return { problem: `unknown ${shown}${similar === undefined ? '' : ` (did you mean ${similar}?)`}` };
}

/** The key that was probably meant: as it is written elsewhere (`--upstream-ca`, `upstreamCa`), or a slip of the hand. */
export function findSimilar(key: string): string | undefined {
  const plain = plainOf(key.slice(0, 64));
  const candidates = [...specs.keys(), 'waivers'].map((known) => ({
    known,
    distance: distanceOf(plain, plainOf(known)),
  }));
  const [best] = candidates.sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(plain.length / 4))
    ? best.known
    : undefined;
}

function plainOf(key: string): string {
  return key
    .toLowerCase()
    .replace(/^proxaudit_/, '')
    .replace(/[^a-z0-9]/g, '');
}

/** Levenshtein's, with two neighbours that changed places counted once. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = at(i - 1, j - 1) + (isSame ? 0 : 1);
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : replaced;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
