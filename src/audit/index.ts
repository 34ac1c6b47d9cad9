export { audit, type AuditResult } from './audit.ts';
export type { AuditOptions, CaChoice, ClientCertificateRule, ProxyOptions, WaiverList } from './options.ts';
export { start } from './start.ts';
export { exitStatus, followAbort, openStandardStream, releaseTerminal } from '../child/index.ts';
export type { ResolveRule } from '../proxy/index.ts';
export {
  HEADER_LEVELS,
  isHostPattern,
  isLoopback,
  MAX_BODY_BYTES,
  MAX_DRAIN_SECONDS,
  MAX_PORT,
  REFUSAL_ANSWERS,
  type HeaderLevel,
  type OnRefusal,
} from './option-values.ts';
export { LOG_LEVELS, type LogLevel } from '../support/log.ts';
export { parseClientCertificate } from './client-certificate-rule.ts';
export { redactMessage } from './redact-message.ts';
export { parseResolveRule } from './resolve-rule.ts';
