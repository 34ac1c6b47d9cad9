export { audit, type Audit, type AuditResult } from './audit.ts';
export type { AuditOptions, ProxyOptions } from './options.ts';
export { readRun, renderReport, type ReportFormat } from './report.ts';
export { start, type ExchangeCompleted, type RecordingProxy } from './start.ts';
export { AuditError, type ErrorCode } from '../support/errors.ts';
export type { Event, EventType } from '../model/events.ts';
export type { Acceptance, Finding, FindingLocation } from '../model/finding.ts';
export type { FindingLevel, FindingRule } from '../model/finding-rules.ts';
export type { Completeness, Counts, Exit } from '../model/outcome.ts';
export type { Names, Process, ResponseFacts, Timings } from '../model/exchange.ts';
export type {
  BlindSpotSummary,
  DifferingNames,
  FailureSummary,
  HostSummary,
  Integrity,
  Run,
  RunHeader,
  TlsFailureSummary,
} from '../model/run.ts';
