import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../origin/run-command.ts';
import type { CommandResult } from '../origin/run-command.ts';
import type { Invocation, Scenario, StoredFile } from './scenario.ts';

export interface ScenarioRun {
  readonly result: CommandResult;
  readonly stored: readonly StoredFile[];
  readonly invocation: Invocation;
}

export interface ScenarioRunOptions {
  /** The scenario gets a new directory below this one. */
  readonly parent: string;
  /** Distinguishes runs of one scenario; default `direct`. */
  readonly label?: string;
  readonly baseUrl: string;
  /** Put before the client's own argv, for example proxaudit, its options and `--`. */
  readonly wrapper?: readonly string[];
  readonly timeoutMs?: number;
}

/** Runs the client once, cold, and lists what it stored. */
export async function runScenario(scenario: Scenario, options: ScenarioRunOptions): Promise<ScenarioRun> {
  const directory = join(options.parent, `${scenario.name}-${options.label ?? 'direct'}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const invocation = await scenario.prepare(directory, options.baseUrl);
  const argv = [...(options.wrapper ?? []), ...invocation.argv];
  const { env, cwd } = invocation;
  const result = await runCommand(argv, { env, cwd, timeoutMs: options.timeoutMs ?? 300_000 });
  return { result, stored: scenario.stored(directory), invocation };
}
