import { InvalidArgumentError } from 'commander';
import type { Scalar } from 'yaml';
import { AuditError } from '../support/errors.ts';
import type { OptionSpec, Takes } from './option-spec.ts';
import { withoutOption } from './option-values.ts';

/** The value of a setting, or what is wrong with which of its items. */
export type ReadSetting = { readonly value: unknown } | { readonly problem: string; readonly item?: number };

/** Reads a YAML value, or the items of a list, as its option's flag would be read. */
export function readSetting(
  { takes, parseFound }: OptionSpec,
  items: readonly Scalar[],
  { isList, isFound }: { isList: boolean; isFound: boolean },
): ReadSetting {
  if (takes?.kind === 'many') return readMany(items, (isFound ? parseFound : undefined) ?? takes.parse);
  const [scalar] = items;
  if (isList || scalar === undefined) return { problem: 'expected one value, not a list' };
  return takes === undefined ? readFlag(scalar) : readOne(scalar, takes, isFound ? parseFound : undefined);
}

function readFlag({ value }: Scalar): ReadSetting {
  return typeof value === 'boolean' ? { value } : { problem: 'expected true or false' };
}

function readOne(
  scalar: Scalar,
  takes: Exclude<Takes, { kind: 'many' }>,
  parseFound?: OptionSpec['parseFound'],
): ReadSetting {
  const text = textOf(scalar);
  if (takes.kind === 'one') return attempt(() => (parseFound ?? takes.parse)(text));
  if (takes.choices.includes(text)) return { value: text };
  return { problem: `expected one of ${takes.choices.join(', ')}` };
}

function readMany(items: readonly Scalar[], parse: (text: string) => unknown): ReadSetting {
  const values: unknown[] = [];
  for (const [item, scalar] of items.entries()) {
    const result = attempt(() => parse(textOf(scalar)));
    if ('problem' in result) return { ...result, item };
    values.push(result.value);
  }
  return { value: values };
}

/** A number or a yes is meant as it is written: 1.10 is no 1.1. */
function textOf({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

function attempt(parse: () => unknown): ReadSetting {
  try {
    return { value: parse() };
  } catch (error) {
    if (!(error instanceof InvalidArgumentError) && !(error instanceof AuditError)) throw error;
    const message = withoutOption(error.message);
    return { problem: message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '') };
  }
}
