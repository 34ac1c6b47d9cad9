import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from './origin/run-command.ts';
import { hermeticEnvironment } from './registries/client-environment.ts';
import type { Scenario } from './registries/scenario.ts';

type Client = Pick<Scenario, 'name' | 'tools' | 'version'>;

type Outcome =
  | { readonly tier: 'hermetic' | 'real'; readonly scheme: string; readonly requests: number }
  /** A test proved that the client goes past us. */
  | { readonly tier: 'hermetic'; readonly scheme: string; readonly unseen: string };

const directory = '.vitest-results/clients';
const versions = new Map<string, Promise<string>>();

/**
 * Notes what became of a client that was really run: every request of it was seen, or none, with the reason. The
 * README's table is made of these notes.
 */
export async function recordClient({ name, tools, version }: Client, outcome: Outcome): Promise<void> {
  const key = version.join(' ');
  const asked = versions.get(key) ?? askVersion(version);
  versions.set(key, asked);
  mkdirSync(directory, { recursive: true });
  const row = { client: name, tools, version: await asked, ...outcome };
  writeFileSync(`${directory}/${outcome.tier}-${name}-${outcome.scheme}.json`, JSON.stringify(row));
}

/** The version as the client prints it. Its home stays: Go writes into it after its end. */
async function askVersion(argv: readonly string[]): Promise<string> {
  const home = resolve('.vitest-results', 'home');
  mkdirSync(home, { recursive: true });
  const { stdout, stderr } = await runCommand(argv, { cwd: home, env: hermeticEnvironment(home) });
  const printed = `${stdout.toString()}\n${stderr}`;
  const found = /\d+\.\d+(?:\.\d+)*/.exec(printed)?.[0];
  if (found === undefined) throw new Error(`${argv.join(' ')} printed no version: ${printed}`);
  return found;
}
