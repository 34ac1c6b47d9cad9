import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type * as Library from '../../src/library/index.ts';
import type { Run } from '../../src/model/run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import type { LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { installerEnvironment, installProduct, packProduct, succeed } from '../helpers/packed-product.ts';
import { npmTwin } from '../helpers/registries/npm/npm-twin.ts';
import type { Invocation } from '../helpers/registries/scenario.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';

/** The library as somebody has it who installed the package into an empty project. */
const workspace = createWorkspace('installed-library');
const project = join(workspace.directory, 'project');
const env = installerEnvironment(join(workspace.directory, 'user'));
const readme = readFileSync('README.md', 'utf8');
const [, example = ''] = /^## As a library$[^]*?^```js\n([^]*?)^```$/m.exec(readme) ?? [];

beforeAll(async () => {
  mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "type": "module", "private": true }');
  await installProduct(await packProduct(workspace.directory, env), { env, cwd: project });
  for (const name of ['@types/node', 'undici-types']) {
    mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
  }
});
afterAll(workspace.remove);

it('the example of the README runs', async () => {
  // A server that only the proxy reaches on the client's behalf: loopback by another name than NO_PROXY has.
  const build = `
    import { createServer } from 'node:http';
    const server = createServer((request, response) => response.end('built')).listen(0, '127.0.0.2', async () => {
      await (await fetch(\`http://127.0.0.2:\${server.address().port}/built\`)).text();
      server.close();
      server.closeAllConnections();
    });`;
  writeFileSync(join(project, 'build.js'), build);
  writeFileSync(join(project, 'example.js'), example);
  const { stdout, stderr } = await succeed([process.execPath, 'example.js'], { env, cwd: project });
  expect(stderr).toBe('');
  expect(stdout.toString()).toMatch(/\[ '127\.0\.0\.2:\d+' \]/);
  expect(stdout.toString()).toContain('### proxaudit: `node build.js`');
  expect(stdout.toString()).toMatch(/\[ 'http:\/\/127\.0\.0\.2:\d+\/built' \]\n$/);
});

it('a strict TypeScript program type-checks against it, its libraries checked too', async () => {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2022',
    module: 'nodenext',
    resolveJsonModule: true,
    types: ['node'],
  };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['example.ts', 'consumer.ts'] }),
  );
  writeFileSync(join(project, 'example.ts'), example);
  cpSync('test/fixtures/programs/library-consumer.txt', join(project, 'consumer.ts'));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  await succeed([process.execPath, tsc, '--project', project], { env, cwd: project });
});

it('what it exports is found, and nothing else of it', async () => {
  const program = `
    import { createRequire } from 'node:module';
    const names = Object.keys(await import('proxaudit')).sort();
    const required = Object.keys(createRequire(import.meta.url)('proxaudit')).sort();
    const schema = await import('proxaudit/journal.schema.json', { with: { type: 'json' } });
    const inside = await import('proxaudit/dist/cli.js').catch(({ code }) => code);
    console.log(JSON.stringify([names, required, typeof schema.default.$schema, inside]));`;
  writeFileSync(join(project, 'exports.js'), program);
  const { stdout } = await succeed(
    [process.execPath, '--disable-warning=ExperimentalWarning', 'exports.js'],
    { env, cwd: project },
  );
  expect(JSON.parse(stdout.toString())).toEqual([
    // To an ES module a CommonJS one is its own default export too.
    ['AuditError', 'audit', 'default', 'readRun', 'renderReport', 'start'],
    ['AuditError', 'audit', 'readRun', 'renderReport', 'start'],
    'string',
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  ]);
});

describe('what a command fetched is checked', () => {
  const twin = npmTwin({ count: 12 });
  const checked = join(workspace.directory, 'checked');
  let library: typeof Library;
  let authority: Authority;
  let registry: LocalServer;
  let npm: Invocation;

  beforeAll(async () => {
    library = (await import(createRequire(join(project, 'main.js')).resolve('proxaudit'))) as typeof Library;
    authority = createAuthority(workspace.directory);
    registry = await startTwin(twin, { authority, directory: workspace.directory });
  });
  afterAll(() => registry.close());
  beforeEach(async () => {
    rmSync(checked, { recursive: true, force: true });
    mkdirSync(checked);
    npm = await twin.prepare(checked, `https://${registryName}`);
  });

  const audit = (options: Library.AuditOptions = {}) =>
    library.audit(npm.argv, {
      env: { ...npm.env, npm_config_fetch_retries: '0' },
      cwd: checked,
      stdout: 'ignore',
      stderr: 'ignore',
      upstreamCa: authority.file,
      resolve: { [registryName]: `127.0.0.1:${registry.ports.https}` },
      ...options,
    });
  const verdictsOf = ({ artifacts }: Run): string[] => [...new Set(artifacts.map(({ verdict }) => verdict))];
  const findingsOf = ({ findings }: Run): string[] =>
    findings.map(({ rule, level, subject }) => `${level} ${rule} ${subject}`);
  const edit = (name: string, change: (text: string) => string): void => {
    const file = join(checked, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
  /** The first locked package, and the line of the lockfile that it begins in. */
  const lockedPackage = () => {
    const lines = readFileSync(join(checked, 'package-lock.json'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('"node_modules/')) + 1;
    const name = /node_modules\/([^"]+)/.exec(lines[line - 1] ?? '')?.[1] ?? '';
    const version = /"version": "([^"]+)"/.exec(lines[line] ?? '')?.[1] ?? '';
    return { line, path: `node_modules/${name}`, purl: `pkg:npm/${name}@${version}` };
  };
  const lockAs = async (journal: string | null, file: string): Promise<void> => {
    const own = join(project, 'node_modules', '.bin', 'proxaudit');
    await succeed([own, 'lock', '-o', file, journal ?? ''], { env, cwd: checked });
  };

  it('against the lockfiles that are found, named ones, or none', async () => {
    const found = await audit();
    expect([found.exit, found.run.artifacts.length]).toEqual([{ kind: 'code', code: 0 }, 12]);
    expect([verdictsOf(found.run), findingsOf(found.run)]).toEqual([['locked'], []]);
    expect(found.run.lockfiles).toMatchObject([{ path: 'package-lock.json', ecosystem: 'npm', entries: 12 }]);

    const { purl, path } = lockedPackage();
    const lock = JSON.parse(readFileSync(join(checked, 'package-lock.json'), 'utf8')) as { packages: object };
    Reflect.deleteProperty(lock.packages, path);
    const other = join(workspace.directory, 'package-lock.json');
    writeFileSync(other, JSON.stringify(lock));
    rmSync(join(checked, 'cache'), { recursive: true });
    const named = await audit({ lockfiles: [other] });
    expect(findingsOf(named.run)).toEqual([`warning unlocked ${purl}`]);

    rmSync(join(checked, 'cache'), { recursive: true });
    const { run } = await audit({ lockfiles: 'none' });
    expect([run.lockfiles, verdictsOf(run), findingsOf(run)]).toEqual([[], ['unchecked'], []]);
  });

  it('a mismatch is a finding at its line, and a waiver in the directory of the command has no say', async () => {
    const { line, purl } = lockedPackage();
    const wrong = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
    edit('package-lock.json', (text) => text.replace(/sha512-[^"]+/, wrong));
    const waiver = `{ finding: mismatch, subject: '*', reason: mine }`;
    writeFileSync(join(checked, 'proxaudit.yaml'), `waivers: [${waiver}]\n`);
    const { exit, run } = await audit();
    expect(exit).not.toEqual({ kind: 'code', code: 0 });
    const [finding, ...others] = run.findings.filter(({ rule }) => rule === 'mismatch');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      level: 'error',
      subject: purl,
      location: { path: 'package-lock.json', line },
    });
    expect(finding?.waiver).toBeUndefined();
    expect(run.artifacts.find((artifact) => artifact.purl === purl)).toMatchObject({
      verdict: 'mismatch',
      expected: [{ source: 'lockfile', line, result: 'mismatch' }],
    });
  });

  it('against a baseline: what it does not name, and other bytes, are findings', async () => {
    const first = await audit();
    await lockAs(first.journalFile, 'reviewed.lock');
    rmSync(join(checked, 'cache'), { recursive: true });
    const same = await audit({ baseline: 'reviewed.lock' });
    expect(findingsOf(same.run)).toEqual([]);

    const [changed, second] = first.run.artifacts.map(({ purl }) => purl ?? '');
    edit('reviewed.lock', (text) =>
      text
        .replace(`host ${registryName}`, 'host elsewhere.example')
        .replace(new RegExp(`(artifact ${changed} sha256:)\\w+`), `$1${'0'.repeat(64)}`)
        .replace(new RegExp(`artifact ${second} .*\n`), ''),
    );
    rmSync(join(checked, 'cache'), { recursive: true });
    const { run } = await audit({ baseline: join(checked, 'reviewed.lock') });
    expect(findingsOf(run)).toEqual([
      `error changed ${changed}`,
      `warning new-host ${registryName}`,
      `warning new-artifact ${second}`,
    ]);
  });

  it.each<[options: object, code: string, said: string, hint: string]>([
    [{ lockfiles: 'all' }, 'bad-usage', 'the option lockfiles is not right', '"find", "none" or a list'],
    [{ baseline: 7 }, 'bad-usage', 'the option baseline is not right', 'the name of a file'],
    [{ lockfiles: ['none.lock'] }, 'cannot-start', 'none.lock cannot be read', 'Check its name'],
    [
      { lockfiles: ['package.json'] },
      'cannot-start',
      'no lockfile that proxaudit knows',
      'a lockfile of npm',
    ],
    [{ baseline: 'none.lock' }, 'cannot-start', 'none.lock cannot be read', '"proxaudit lock" writes one'],
    [{ baseline: 'package.json' }, 'cannot-start', 'package.json:1: expected', 'proxaudit'],
  ])('%j is an AuditError with a code and a hint, and nothing is run', async (options, code, said, hint) => {
    const asked = registry.log.length;
    const error: unknown = await audit(options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(library.AuditError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(said) as string });
    expect((error as Library.AuditError).hint).toContain(hint);
    expect(registry.log).toHaveLength(asked);
  });
});
