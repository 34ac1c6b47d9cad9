import type { Twin } from './scenario.ts';

/** The same client, skipped aloud: CI has twenty minutes for all. */
export function leaveToLongTier(twin: Twin): Twin {
  return { ...twin, available: () => 'takes half a minute or more: npm run test:long runs it' };
}
