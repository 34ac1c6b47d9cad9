import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where peers are installed, once for all runs of the bench. */
export function peerCache(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'proxaudit-bench');
}
