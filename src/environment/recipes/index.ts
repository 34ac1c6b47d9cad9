import { cloud } from './cloud.ts';
import { general } from './general.ts';
import { javascript } from './javascript.ts';
import { jvm } from './jvm.ts';
import { otherLanguages } from './other-languages.ts';
import { python } from './python.ts';
import { rustAndGo } from './rust-and-go.ts';
import { scripting } from './scripting.ts';
import { system } from './system.ts';
import type { Recipe } from './types.ts';

/**
 * Everything that makes a tool use our proxy and trust the audit CA. To support another tool, add its entries to the file
 * of its family; a variable stands in all of them once.
 */
export const recipes: readonly Recipe[] = [
  ...general,
  ...cloud,
  ...system,
  ...javascript,
  ...python,
  ...rustAndGo,
  ...jvm,
  ...scripting,
  ...otherLanguages,
];

export type { Recipe, ValueKind } from './types.ts';
