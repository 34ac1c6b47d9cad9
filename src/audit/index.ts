export { audit, type AuditResult } from './audit.ts';
export type { AuditOptions, CaChoice, ProxyOptions, Variables } from './options.ts';
export { start, type RunningProxy } from './start.ts';
export {
  exitStatus,
  followAbort,
  openStandardStream,
  releaseTerminal,
  type Input,
  type Output,
} from '../child/index.ts';
export type { ResolveRule } from '../proxy/index.ts';
export { isHostPattern, isLoopback, MAX_DRAIN_SECONDS, MAX_PORT } from './option-values.ts';
export { parseResolveRule } from './resolve-rule.ts';
