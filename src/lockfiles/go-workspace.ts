import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tryReadBounded } from '../support/read-bounded.ts';

const MAX_BYTES = 64_000;
const MAX_MODULES = 200;

/** The go.sum files of a workspace's modules, relative to its directory; none where there is no go.work. */
export function findModuleSums(directory: string): string[] {
  const text = tryReadBounded(join(directory, 'go.work'), { maxBytes: MAX_BYTES })?.toString() ?? '';
  return readUses(text)
    .slice(0, MAX_MODULES)
    .map((module) => join(module, 'go.sum'))
    .filter((file) => existsSync(join(directory, file)));
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
