import { join } from 'node:path';
import { sha256 } from '../origin/random.ts';
import { runCommand } from '../origin/run-command.ts';
import { complaintIn, missingOneOf } from '../registries/commands.ts';
import { cachedTool, toolDirectory, type Installation } from './cached-tool.ts';

/** A tool in one version, with what it needs. */
export interface ToolPackage {
  readonly from: 'npm' | 'pypi';
  readonly name: string;
  readonly version: string;
  /** Further packages beside it, as their installer names them: `name@version`, `name==version`. */
  readonly beside?: readonly string[];
}

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
export async function installTool(tool: ToolPackage): Promise<Installation> {
  const reason = tool.from === 'npm' ? missingOneOf('npm') : missingOneOf('python3', 'pip');
  return reason === undefined ? cachedTool(keyOf(tool), (cwd) => install(tool, cwd)) : { reason };
}

const directoryOf = (tool: ToolPackage): string => toolDirectory(keyOf(tool));

function keyOf({ from, name, version, beside = [] }: ToolPackage): string {
  const key = [from, name, version].join('-').replaceAll(/[^\w.-]+/g, '_');
  return beside.length === 0 ? key : `${key}-${sha256(beside.join(' ')).slice(0, 8)}`;
}

async function install(tool: ToolPackage, cwd: string): Promise<void> {
  for (const argv of tool.from === 'npm' ? npmCommands(tool) : pipCommands(tool, cwd)) {
    const { code, stdout, stderr } = await runCommand(argv, { cwd, timeoutMs: 240_000 });
    if (code === 0) continue;
    const complaint = complaintIn(`${stderr}\n${stdout.toString()}`);
    throw new Error(`${tool.name} ${tool.version} could not be installed: ${complaint}`);
  }
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
