export { planCommand } from './command.ts';
export { waitForDescendants } from './descendants.ts';
export { exitStatus } from './exit-status.ts';
export type { ReportPlan, RunPlan } from './plan.ts';
export { releaseTerminal } from './release-terminal.ts';
export { startChild } from './run-child.ts';
export type { Signals } from './signals.ts';
export { openStandardStream } from './standard-streams.ts';
