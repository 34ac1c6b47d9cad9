export { audit, type AuditResult } from './audit.ts';
export type { AuditOptions, CaChoice } from './options.ts';
export { replay } from './replay.ts';
export { version } from './version.ts';
export { exitStatus, releaseTerminal } from '../child/index.ts';
export { parseAuthority, type ResolveRule } from '../proxy/index.ts';
export { readRun } from '../run/index.ts';
