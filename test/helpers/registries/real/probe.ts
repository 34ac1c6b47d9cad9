import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../origin/run-command.ts';
import { createWorkspace } from '../../origin/workspace.ts';
import { complaintIn, missingOneOf } from '../commands.ts';
import type { Invocation, Scenario } from '../scenario.ts';

/** A client with the registry that it is configured for on this machine. */
export interface RealClient extends Omit<Scenario, 'available' | 'prepare'> {
  readonly commands: readonly string[];
  prepare(directory: string): Invocation;
  /** Asks the registry something small; default is the whole job. */
  readonly probe?: (directory: string) => Invocation;
}

/** Adds `available`, which asks the registry once, by the client itself, and remembers the answer. */
export function realScenario(client: RealClient): Scenario {
  let answer: Promise<string | undefined> | undefined;
  return { ...client, available: () => (answer ??= probe(client)) };
}

async function probe(client: RealClient): Promise<string | undefined> {
  const missing = missingOneOf(...client.commands);
  if (missing) return missing;
  const workspace = createWorkspace('probe');
  const directory = join(workspace.directory, client.name);
  mkdirSync(directory);
  try {
    const { argv, env, cwd } = (client.probe ?? client.prepare)(directory);
    const { code, stdout, stderr } = await runCommand(argv, { env, cwd, timeoutMs: 60_000 });
    if (code === 0) return undefined;
    return `its registry did not answer: ${argv.slice(0, 2).join(' ')} ended with ${code}: ${complaintIn(`${stderr}\n${stdout.toString()}`)}`;
  } catch (error) {
    return `its registry did not answer: ${String(error).slice(0, 300)}`;
  } finally {
    workspace.remove();
  }
}
