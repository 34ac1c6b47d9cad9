import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('install');
const path = join(workspace.directory, 'bin');
const asked = join(workspace.directory, 'asked');
const commands =
  'curl wget git gh make openssl python3 pip cargo go fish javac mvn ant gradle bazel nuget mcs gem bundle php composer perl cpanm Rscript mix ' +
  'luarocks stack xz nix-prefetch-url git-lfs hg svn skopeo aria2c axel elinks http kubectl lftp lynx w3m wget2';

/** A machine on which `path` holds all programs: each does nothing, but apt-get notes what it is asked. */
beforeEach(() => {
  rmSync(workspace.directory, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const tool of ['bash', 'env', 'mktemp', 'rm', 'tail'])
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
      join(path, tool),
    );
  for (const command of commands.split(' ')) place(command, 'exit 0');
});
afterAll(() => {
  workspace.remove();
});

function place(command: string, body: string): void {
  writeFileSync(join(path, command), `#!${join(path, 'bash')}\n${body}\n`);
  chmodSync(join(path, command), 0o755);
}

function install(): { status: number | null; stdout: string; asked: string[] } {
  const { status, stdout } = spawnSync(join(path, 'bash'), ['test/setup/install.sh'], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, asked: existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [] };
}

const aptGet = `echo "$*" >>'${asked}'`;
const lack = (name: string): void => rmSync(join(path, name));

it('installs nothing where all is there', () => {
  expect(install()).toEqual({ status: 0, stdout: 'All that the tests run is installed.\n', asked: [] });
});

it('installs as root only what is missing', () => {
  place('id', 'echo 0');
  place('apt-get', aptGet);
  lack('mvn');
  lack('wget');
  const { status, stdout, asked } = install();
  expect([status, stdout]).toEqual([0, 'Installing: wget maven\n']);
  expect(asked).toEqual(['-q update', '-q install -y --no-install-recommends wget maven']);
});

it('installs one by one where not all can be had', () => {
  place('id', 'echo 0');
  place('apt-get', `${aptGet}; case "$*" in *mvn*|*maven*) exit 100;; esac`);
  lack('mvn');
  lack('wget');
  const { stdout, asked } = install();
  expect(asked.slice(2)).toEqual([
    '-q install -y --no-install-recommends wget',
    '-q install -y --no-install-recommends maven',
  ]);
  expect(stdout.match(/FAILED: /g)).toHaveLength(1);
});

it('installs by sudo where that asks for no password', () => {
  place('id', 'echo 1000');
  place('sudo', '[ "$1" = -n ] && shift && [ "$1" = true ] && exit; exec "$@"');
  place('apt-get', aptGet);
  lack('cargo');
  expect(install().asked).toEqual(['-q update', '-q install -y --no-install-recommends cargo']);
});

it('says what it may not install, and what could not be installed', () => {
  place('id', 'echo 1000');
  place('sudo', 'exit 1');
  place('apt-get', aptGet);
  lack('go');
  const refused = install();
  expect([refused.status, refused.asked]).toEqual([0, []]);
  expect(refused.stdout).toMatch(/^Not installed, .*: golang-go\.\n/);

  place('id', 'echo 0');
  place('apt-get', 'echo "no such package"; exit 100');
  expect(install().stdout).toContain('FAILED: env DEBIAN_FRONTEND=noninteractive apt-get -q install');
  expect(install().stdout).toContain('no such package');
});
