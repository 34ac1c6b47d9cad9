import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { binary, sendResource } from './responses.ts';
import type { Handler } from './scenario.ts';

/** Serves the files below `root`, which the registry's own tools have made. */
export function serveDirectory(root: string): Handler {
  return (served) => {
    const file = join(root, normalize(decodeURIComponent(served.url.pathname)));
    const isFile = existsSync(file) && statSync(file).isFile();
    sendResource(served, isFile ? binary(readFileSync(file)) : undefined);
  };
}
