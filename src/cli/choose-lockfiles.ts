import type { Command } from 'commander';
import type { AuditOptions } from '../audit/index.ts';
import { rankOf, type RunOptions } from './options.ts';

/** The lockfiles that the options name: what counts more wins, none where both count the same. */
export function chooseLockfiles(command: Command): AuditOptions['lockfiles'] {
  const { lockfile, lockfiles } = command.opts<RunOptions>();
  if (!lockfiles && rankOf(command, 'lockfiles') >= rankOf(command, 'lockfile')) return 'none';
  return lockfile.length > 0 ? lockfile : 'find';
}
