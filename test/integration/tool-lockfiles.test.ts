import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatIds } from '../../reports/format-ids.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { executable, proxaudit, readJournal, type Journal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { sha256 } from '../helpers/origin/random.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import type { LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { cargoTwin } from '../helpers/registries/cargo/cargo-twin.ts';
import { goTwin } from '../helpers/registries/go/go-twin.ts';
import { npmTwin } from '../helpers/registries/npm/npm-twin.ts';
import { distributions, pypiTwin } from '../helpers/registries/pypi/pypi-twin.ts';
import type { Invocation, Twin } from '../helpers/registries/scenario.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';

const workspace = createWorkspace('tool-lockfiles');
const npm = npmTwin({ count: 3 });
const twins: readonly Twin[] = [npm, pypiTwin, cargoTwin, goTwin];
const registries = new Map<Twin, LocalServer>();
let authority: Authority;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  for (const twin of twins) {
    if ((await twin.available()) !== undefined) continue;
    registries.set(twin, await startTwin(twin, { authority, directory: workspace.directory }));
  }
});
afterAll(async () => {
  for (const registry of registries.values()) await registry.close();
  workspace.remove();
});

interface Project extends Invocation {
  readonly directory: string;
  readonly twin: Twin;
}

async function prepare(twin: Twin, label: string): Promise<Project> {
  const directory = join(workspace.directory, label);
  mkdirSync(directory);
  return { ...(await twin.prepare(directory, `https://${registryName}`)), directory, twin };
}

interface Ran {
  readonly code: number | null;
  readonly stderr: string;
  readonly journal: Journal;
  readonly file: string;
  readonly artifacts: readonly Artifact[];
  readonly verdicts: readonly string[];
}

let runs = 0;

async function run(
  { twin, env, directory }: Project,
  command: readonly string[],
  { cwd = '.', more = {}, options = [] }: { cwd?: string; more?: NodeJS.ProcessEnv; options?: string[] } = {},
): Promise<Ran> {
  const file = join(workspace.directory, `run-${(runs += 1)}.jsonl`);
  const registry = registries.get(twin);
  if (registry === undefined) throw new Error(`${twin.name} is not there`);
  const own = [
    '--summary',
    'always',
    '--upstream-ca',
    authority.file,
    ...resolveArguments(registryName, registry),
    ...options,
  ];
  const result = await runCommand([...proxaudit(file, ...own), ...command], {
    env: { ...env, ...more },
    cwd: join(directory, cwd),
  });
  const journal = readJournal(file);
  const last = new Map(journal.of('artifact-recognised').map(({ artifact }) => [artifact.id, artifact]));
  const artifacts = [...last.values()];
  return {
    ...{ code: result.code, stderr: result.stderr, journal, file, artifacts },
    verdicts: artifacts.map(({ verdict }) => verdict),
  };
}

const isHere = (twin: Twin): boolean => registries.has(twin);
const loaded = ({ journal }: Ran) =>
  journal.of('lockfile-loaded').map(({ path, namedBy }) => [path, namedBy]);

it('pip: hashes of nested requirements count, and those of what it does not name do not', async ({
  skip,
}) => {
  skip(!isHere(pypiTwin), 'there is no pip');
  const project = await prepare(pypiTwin, 'pip');
  const line = ({ project: name, version, content }: { project: string; version: string; content: Buffer }) =>
    `${name}==${version} --hash=sha256:${sha256(content)}\n`;
  const files = distributions()
    .map((one) => ({ ...one, version: /-([\d.]+?)(?:-py3|\.tar)/.exec(one.fileName)?.[1] ?? '' }))
    .filter(({ fileName }) => fileName.endsWith('.whl'));
  mkdirSync(join(project.directory, 'reqs'));
  const base = join(project.directory, 'reqs', 'base.in');
  writeFileSync(join(project.directory, 'n'), '--constraint=reqs/base.in\n-r reqs/base.in\n');
  writeFileSync(base, files.map(line).join(''));
  const argv = project.argv.map((word) => (word === 'requirements.txt' ? 'n' : word));
  const right = await run(project, argv);
  expect([right.code, right.verdicts], right.stderr).toEqual([0, ['locked', 'locked']]);
  expect(loaded(right)).toEqual([
    ['n', undefined],
    ['reqs/base.in', 'n'],
  ]);
  // What it does not name, it does not read.
  rmSync(join(project.directory, 'downloads'), { recursive: true });
  const other = `other==1.0 --hash=sha256:${'0'.repeat(64)}\n`;
  writeFileSync(join(project.directory, 'requirements.txt'), other);
  const beside = await run(project, [...argv.slice(0, -2), '--no-cache-dir', 'twin-alpha==1.2.0']);
  expect([beside.code, beside.verdicts], beside.stderr).toEqual([0, ['published', 'published']]);
  expect(loaded(beside)).toEqual([['requirements.txt', undefined]]);
});

it('go: in a member of a workspace the sums of the other members count', async ({ skip }) => {
  skip(!isHere(goTwin), 'there is no go');
  const project = await prepare(goTwin, 'go');
  const { directory } = project;
  for (const [name, needs] of [
    ['a', 'twin.test/alpha v1.1.0'],
    ['b', 'twin.test/Gamma v0.3.0'],
  ] as const) {
    mkdirSync(join(directory, name));
    writeFileSync(
      join(directory, name, 'go.mod'),
      `module example.test/${name}\n\ngo 1.18\n\nrequire ${needs}\n`,
    );
    expect((await run(project, ['go', 'mod', 'download', 'all'], { cwd: name })).code).toBe(0);
    expect(readFileSync(join(directory, name, 'go.sum'), 'utf8')).toContain(needs);
  }
  for (const name of ['go.mod', 'modcache']) rmSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, 'go.work'), 'go 1.18\n\nuse (\n\t./a\n\t./b\n)\n');
  const more = { GOFLAGS: '-modcacherw' };
  const ran = await run(project, ['go', 'mod', 'download'], { cwd: 'a', more });
  expect([ran.code, new Set(ran.verdicts), ran.verdicts.length], ran.stderr).toEqual([
    0,
    new Set(['locked']),
    3,
  ]);
  expect(loaded(ran).map(([path]) => path)).toEqual(expect.arrayContaining(['go.sum', '../b/go.sum']));
});

it('cargo: the lockfile of a project says nothing of a tool that is installed beside it', async ({
  skip,
}) => {
  skip(!isHere(cargoTwin), 'there is no cargo');
  const project = await prepare(cargoTwin, 'cargo');
  expect((await run(project, ['cargo', 'fetch'])).code).toBe(0);
  const lock = join(project.directory, 'Cargo.lock');
  // Of a project that has another dependency.
  const parts = readFileSync(lock, 'utf8').split('\n\n');
  const others = parts.filter((part) => !/name = "twin-(?:alpha|beta)"/.test(part));
  writeFileSync(lock, others.join('\n\n').replace(/,?\n? *"twin-alpha",?/, ''));
  rmSync(join(project.directory, 'cargo-home'), { recursive: true });
  const ran = await run(project, ['cargo', 'install', '--registry', 'twin', 'twin-alpha', '--root', 'tools']);
  expect(ran.artifacts, ran.stderr).toMatchObject([{ name: 'twin-alpha', verdict: 'published' }]);
});

const reportsIn = (directory: string, name: string): string[] =>
  formatIds.flatMap((format) => ['--report', `${format}=${join(directory, `${name}.${format}`)}`]);
const report = (extra: readonly string[], input?: Buffer): string =>
  execFileSync(process.execPath, [executable, 'report', ...extra], {
    cwd: workspace.directory,
    input,
    encoding: 'utf8',
  });

it('npm: a lockfile is found by its link, from a folder below; all reports are the live ones', async () => {
  const project = await prepare(npm, 'npm');
  const { directory, argv } = project;
  const lock = join(directory, 'package-lock.json');
  mkdirSync(join(workspace.directory, 'locks'));
  const real = join(workspace.directory, 'locks', 'real.json');
  renameSync(lock, real);
  symlinkSync('../locks/real.json', lock);
  mkdirSync(join(directory, 'src'));
  const line = `"$0" "$@" && curl -s --data x=1 https://${registryName}/up`;
  const command = ['sh', '-c', line, ...argv];
  const cold = await run(project, command, { cwd: 'src', options: reportsIn(directory, 'live') });
  expect([cold.code, cold.verdicts, loaded(cold)], cold.stderr).toEqual([
    0,
    ['locked', 'locked', 'locked'],
    [['../package-lock.json', undefined]],
  ]);
  expect(cold.journal.of('blind-spot').filter(({ kind }) => kind === 'lockfile-outside')).toMatchObject([
    { subject: '../package-lock.json', advice: expect.stringContaining('locks/real.json') as string },
  ]);
  report([...reportsIn(directory, 'again'), cold.file]);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  for (const format of formatIds) expect(read(`again.${format}`), format).toBe(read(`live.${format}`));
  expect(report(['--report', 'json', '-'], readFileSync(cold.file))).toBe(read('live.json'));

  const warm = await run(project, [...argv, '--prefer-offline']);
  expect([warm.code, warm.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
    0,
    expect.stringContaining('none of the 3 entries of package-lock.json fetched: cached, or not wanted'),
  ]);

  const { packages } = JSON.parse(readFileSync(real, 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const [place = '', { version = '' } = {}] = Object.entries(packages)[1] ?? [];
  writeFileSync(real, JSON.stringify({ packages: { 'node_modules/other': { version: '9.9.9' } } }));
  const tool = `${place.replace('node_modules/', '')}@${version}`;
  const options = ['--global', '--prefix', 'tools', '--cache', 'other-cache', '--no-audit', '--no-fund'];
  const global = await run(project, ['npm', 'install', ...options, tool]);
  expect([global.code, global.verdicts], global.stderr).toEqual([0, ['published']]);
});

it('a link that leads nowhere is told', async () => {
  const project = await prepare(npm, 'dangling');
  rmSync(join(project.directory, 'package-lock.json'));
  symlinkSync('nowhere.json', join(project.directory, 'package-lock.json'));
  expect((await run(project, ['true'])).stderr).toMatch(/package-lock\.json.*there is no such file/s);
});
