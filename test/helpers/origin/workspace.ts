import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new private directory for one test file, and the way to remove it. */
export interface Workspace {
  readonly directory: string;
  readonly remove: () => void;
}

export function createWorkspace(name: string): Workspace {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `proxaudit-${name}-`)));
  return {
    directory,
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}
