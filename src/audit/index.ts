export { audit, type AuditResult } from './audit.ts';
export type { AuditOptions, CaChoice } from './options.ts';
export { exitStatus, openStandardStream, releaseTerminal } from '../child/index.ts';
export { parseAuthority, type ResolveRule } from '../proxy/index.ts';
