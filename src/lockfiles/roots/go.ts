// https://go.dev/ref/mod#workspaces, https://go.dev/ref/mod#go-sum-files
import { dirname, isAbsolute, join } from 'node:path';
import { tryReadBounded } from '../../support/read-bounded.ts';
import type { Variables } from '../types.ts';
import { directoriesUp, nearestWith } from './directories-up.ts';

const MAX_BYTES = 64_000;
const MAX_MODULES = 200;

/** That of the module; in a workspace that of the workspace and those of all its modules. */
export function findGoSums(directory: string, { GOWORK: named = '' }: Variables): string[] {
  const up = directoriesUp(directory);
  const module = nearestWith(up, 'go.mod');
  const own = module === undefined ? [] : [join(module, 'go.sum')];
  if (named === 'off') return own;
  const found = nearestWith(up, 'go.work');
  const file = isAbsolute(named) ? named : found && join(found, 'go.work');
  if (file === undefined) return own;
  const sums = readUses(tryReadBounded(file, { maxBytes: MAX_BYTES })?.toString() ?? '')
    .slice(0, MAX_MODULES)
    .map((use) => join(isAbsolute(use) ? use : join(dirname(file), use), 'go.sum'));
  // `x.work` has its sums in `x.work.sum`.
  return [...new Set([...own, `${file}.sum`, ...sums])];
}

/** https://go.dev/ref/mod#go-work-file-use */
function readUses(text: string): string[] {
  const uses: string[] = [];
  let isInBlock = false;
  for (const row of text.split('\n')) {
    const line = (row.split('//', 1)[0] ?? '').trim();
    const [, use] = /^use\s+(\S.*)$/.exec(line) ?? [];
    if (use === '(' || line === 'use(') isInBlock = true;
    else if (line === ')') isInBlock = false;
    else if (use !== undefined || (isInBlock && line !== '')) uses.push(unquote(use ?? line));
  }
  return uses;
}

function unquote(path: string): string {
  const [, quoted, raw] = /^"(.*)"$|^`(.*)`$/.exec(path) ?? [];
  return quoted ?? raw ?? path;
}
