import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../lock.ts';

/** The tool's own directory, or why it could not be installed. */
export type Installation =
  { readonly directory: string; readonly reason?: undefined } | { readonly reason: string };

const cache = join(tmpdir(), `proxaudit-tools-${userInfo().uid}`);
const installations = new Map<string, Promise<Installation>>();

/** Where the tool of this key is, or will be. */
export const toolDirectory = (key: string): string => join(cache, key);

/**
 * A tool that a test installs by itself, kept for the next run. It is made by one process at a time, and what is there is
 * whole. What `install` throws becomes the reason why it could not be.
 */
export function cachedTool(
  key: string,
  install: (directory: string) => void | Promise<void>,
): Promise<Installation> {
  const directory = toolDirectory(key);
  const known = installations.get(directory);
  if (known !== undefined) return known;
  const installation = withLock(`${directory}.lock`, () => installOnce(directory, install));
  installations.set(directory, installation);
  return installation;
}

async function installOnce(
  directory: string,
  install: (directory: string) => void | Promise<void>,
): Promise<Installation> {
  const complete = join(directory, '.complete');
  if (existsSync(complete)) return { directory };
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  try {
    await install(directory);
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return { reason: reason.slice(0, 300) };
  }
  writeFileSync(complete, '');
  return { directory };
}

/** What a title says of a test that cannot run. */
export const skipReason = ({ reason }: Installation): string => (reason === undefined ? '' : ` (${reason})`);
