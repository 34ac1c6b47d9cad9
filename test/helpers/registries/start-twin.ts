import { join } from 'node:path';
import { mkdtempSync } from 'node:fs';
import type { Authority } from '../origin/authority.ts';
import { serve } from '../origin/serve.ts';
import type { LocalServer } from '../origin/serve.ts';
import type { Twin } from './scenario.ts';

export interface TwinOptions {
  readonly authority: Authority;
  /** For the registry's own files. */
  readonly directory: string;
  /** Waited before each response. Default 0. */
  readonly delayMs?: number;
}

/** The name under which the twins are reached through proxaudit. */
export const registryName = 'registry.test';

/** Starts the registry of a twin on 127.0.0.1. */
export async function startTwin(
  twin: Twin,
  { authority, directory, delayMs = 0 }: TwinOptions,
): Promise<LocalServer> {
  const own = mkdtempSync(join(directory, `${twin.name}-registry-`));
  const handle = await twin.createHandler(own);
  return serve({ authority, names: [registryName], delayMs, handle });
}
