import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where a tool is, or why it is not to be had here. */
export type Tool = { readonly directory: string } | { readonly missing: string };

/**
 * A tool that a test installs by itself, kept for the next run. It is made in a directory of its own and then moved, so that
 * what is there is whole, whoever else makes it at the same time.
 */
export function cachedTool(name: string, install: (directory: string) => void): Tool {
  const directory = join(tmpdir(), `proxaudit-tool-${name}-${userInfo().uid}`);
  if (existsSync(directory)) return { directory };
  const making = mkdtempSync(`${directory}-`);
  try {
    install(making);
    renameSync(making, directory);
    return { directory };
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (existsSync(directory)) return { directory };
    const [reason = ''] = (error as Error).message.split('\n');
    return { missing: `${name} cannot be installed: ${reason.slice(0, 200)}` };
  }
}

/** What a title says of a test that cannot run. */
export const skipReason = (tool: Tool): string => ('missing' in tool ? ` (${tool.missing})` : '');
