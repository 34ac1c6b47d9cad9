import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../origin/run-command.ts';
import { complaintIn } from '../registries/commands.ts';
import { cachedTool, type Installation } from '../tools/cached-tool.ts';

/** Fetches the source distribution of a Python package by the pip of this machine, as its owner configured it. */
export function unpackSource(name: string, version: string): Promise<Installation> {
  return cachedTool(`sdist-${name}-${version}`, async (cwd) => {
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    const only = ['--no-deps', '--no-binary', ':all:'];
    await run(['pip', 'download', ...quiet, ...only, '--dest', cwd, `${name}==${version}`], cwd);
    const archive = readdirSync(cwd).find((file) => file.endsWith('.tar.gz'));
    if (archive === undefined) throw new Error(`${name} ${version} has no source distribution`);
    await run(['tar', '--extract', '--gzip', '--strip-components=1', '--file', join(cwd, archive)], cwd);
  });
}

async function run(argv: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runCommand(argv, { cwd, timeoutMs: 300_000 });
  if (code !== 0) throw new Error(complaintIn(`${stderr}\n${stdout.toString()}`));
}
