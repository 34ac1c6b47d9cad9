import { statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export const FILE_NAME = 'proxaudit.yaml';

/** A configuration file that is there. */
export interface ConfigurationFile {
  readonly path: string;
  /** Lies in the working directory, where the command can write it: not every key may stand in it. */
  readonly isFound: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The files to read, the one that counts most first: the one that was named alone; else the user's own, then one in
 * the working directory. A look at each is all that a run without them pays.
 */
export function findConfiguration(named: string | undefined, env: Variables): readonly ConfigurationFile[] {
  if (named !== undefined) return [{ path: named, isFound: false }];
  const own = ownFile(env);
  const ownStatus = statusOf(own);
  const foundStatus = statusOf(FILE_NAME);
  const isSame = ownStatus?.ino === foundStatus?.ino && ownStatus?.dev === foundStatus?.dev;
  return [
    ...(ownStatus === undefined ? [] : [{ path: own, isFound: false }]),
    ...(foundStatus === undefined || isSame ? [] : [{ path: FILE_NAME, isFound: true }]),
  ];
}

/** `$XDG_CONFIG_HOME/proxaudit/proxaudit.yaml`, by default below `~/.config`; a relative variable does not count. */
export function ownFile({ XDG_CONFIG_HOME: config, HOME: home }: Variables): string {
  const base =
    config !== undefined && isAbsolute(config)
      ? config
      : join(home !== undefined && isAbsolute(home) ? home : homedir(), '.config');
  return join(base, 'proxaudit', FILE_NAME);
}

/** A directory that may not be entered holds none. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
