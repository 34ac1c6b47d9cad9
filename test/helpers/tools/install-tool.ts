import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../origin/random.ts';
import { runCommand } from '../origin/run-command.ts';
import { complaintIn, missingOneOf } from '../registries/commands.ts';
import { withLock } from '../lock.ts';

/** A tool in one version, with what it needs. */
export interface ToolPackage {
  readonly from: 'npm' | 'pypi';
  readonly name: string;
  readonly version: string;
  /** Further packages beside it, as their installer names them: `name@version`, `name==version`. */
  readonly beside?: readonly string[];
}

/** The tool's own directory, or why it could not be installed. */
export type Installation =
  { readonly directory: string; readonly reason?: undefined } | { readonly reason: string };

const cache = join(tmpdir(), `proxaudit-tools-${userInfo().uid}`);
const installations = new Map<string, Promise<Installation>>();

/** Where the programs of a tool are, once it is installed. */
export const programOf = (tool: ToolPackage, program: string): string =>
  join(directoryOf(tool), tool.from === 'npm' ? 'node_modules/.bin' : 'bin', program);

/** The root of a tool's own packages: `node_modules`, or the virtual environment. */
export const packagesOf = (tool: ToolPackage): string =>
  tool.from === 'npm' ? join(directoryOf(tool), 'node_modules') : directoryOf(tool);

/**
 * Installs a tool by the npm or pip of this machine, as its owner configured them, into a directory that later test runs
 * use again.
 */
export function installTool(tool: ToolPackage): Promise<Installation> {
  const directory = directoryOf(tool);
  const known = installations.get(directory);
  if (known !== undefined) return known;
  const installation = withLock(`${directory}.lock`, () => installOnce(tool, directory));
  installations.set(directory, installation);
  return installation;
}

function directoryOf({ from, name, version, beside = [] }: ToolPackage): string {
  const key = [from, name, version].join('-').replaceAll(/[^\w.-]+/g, '_');
  return join(cache, beside.length === 0 ? key : `${key}-${sha256(beside.join(' ')).slice(0, 8)}`);
}

async function installOnce(tool: ToolPackage, directory: string): Promise<Installation> {
  const complete = join(directory, '.complete');
  if (existsSync(complete)) return { directory };
  const missing = tool.from === 'npm' ? missingOneOf('npm') : missingOneOf('python3', 'pip');
  if (missing !== undefined) return { reason: missing };
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const commands = tool.from === 'npm' ? npmCommands(tool) : pipCommands(tool, directory);
  for (const argv of commands) {
    const { code, stdout, stderr } = await runCommand(argv, { cwd: directory, timeoutMs: 240_000 });
    if (code === 0) continue;
    const complaint = complaintIn(`${stderr}\n${stdout.toString()}`);
    return { reason: `${tool.name} ${tool.version} could not be installed: ${complaint}` };
  }
  writeFileSync(complete, '');
  return { directory };
}

function npmCommands({ name, version, beside = [] }: ToolPackage): string[][] {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--no-package-lock', '--loglevel=error'];
  return [['npm', 'install', '--prefix', '.', ...quiet, `${name}@${version}`, ...beside]];
}

/** In an environment of its own, because the tool's dependencies are nobody else's. */
function pipCommands({ name, version, beside = [] }: ToolPackage, directory: string): string[][] {
  const python = join(directory, 'bin', 'python');
  const quiet = ['--quiet', '--no-compile', '--disable-pip-version-check', '--no-input'];
  return [
    ['python3', '-m', 'venv', '--without-pip', directory],
    ['pip', '--python', python, 'install', ...quiet, `${name}==${version}`, ...beside],
  ];
}
