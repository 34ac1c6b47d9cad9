import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { runCommand, type CommandResult } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import {
  copyCheckout,
  installerEnvironment,
  installProduct,
  packProduct,
} from '../helpers/packed-product.ts';

const workspace = createWorkspace('install');
const user = join(workspace.directory, 'user');
const prefix = join(workspace.directory, 'prefix');
const elsewhere = join(workspace.directory, 'elsewhere');
const installed = join(prefix, 'lib', 'node_modules', 'proxaudit');
let env: NodeJS.ProcessEnv;
let files: readonly string[];
let authority: Authority;
let origin: Origin;

beforeAll(async () => {
  env = installerEnvironment(user);
  mkdirSync(elsewhere);
  const product = await packProduct(workspace.directory, env);
  files = product.files;
  await installProduct(product, { env, cwd: elsewhere }, '--global', '--prefix', prefix);
  authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
});

afterAll(async () => {
  await origin.close();
  workspace.remove();
});

const proxaudit = (...args: string[]): Promise<CommandResult> =>
  runCommand([join(prefix, 'bin', 'proxaudit'), ...args], { env, cwd: elsewhere });

describe('the package', () => {
  it('holds what it must and no more', () => {
    const others = files.filter((file) => !file.startsWith('dist/')).sort();
    expect(others).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/package.json',
      'bin/proxaudit.js',
      'package.json',
    ]);
    const dist = files.filter((file) => file.startsWith('dist/') && !file.startsWith('dist/chunks/')).sort();
    expect(dist).toEqual([
      'dist/THIRD-PARTY-NOTICES.txt',
      'dist/cli.js',
      'dist/examine.cjs',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/journal-schema.js',
      'dist/journal.schema.json',
      'dist/package.json',
      'dist/preload-fetch.cjs',
      'dist/preload.cjs',
    ]);
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.map$|test|sample/.test(file))).toEqual([]);
  });

  it('needs nothing at run time', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest['dependencies']).toBeUndefined();
    expect(manifest['optionalDependencies']).toBeUndefined();
    expect(existsSync(join(installed, 'node_modules'))).toBe(false);
    expect(readdirSync(join(prefix, 'lib', 'node_modules'))).toEqual(['proxaudit']);
  });

  it('runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>;
    };
    expect(Object.keys(scripts ?? {}).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
  });

  it('names what of others is in it, with their licences', () => {
    const notices = readFileSync(join(installed, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['mockttp', 'execa', 'commander', 'cli-table3', 'pino', 'undici', 'zod']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+`, 'm'));
    }
    expect(notices).toContain('Permission is hereby granted');
  });

  it('ships the schema of a journal', () => {
    const schema = JSON.parse(readFileSync(join(installed, 'dist', 'journal.schema.json'), 'utf8')) as object;
    expect(schema).toHaveProperty('$schema');
    expect(JSON.stringify(schema)).toContain('exchange-completed');
  });
});

describe('the code cache', () => {
  const listCode = (bundle: string): string[] =>
    existsSync(join(bundle, 'code-cache'))
      ? readdirSync(join(bundle, 'code-cache'), { recursive: true, encoding: 'utf8' })
          .filter((path) => path.includes('/'))
          .sort()
      : [];

  it('is made by the first runs beside the bundle, whole where they are many at once, and never packed', async () => {
    const copy = join(workspace.directory, 'copy');
    cpSync(installed, copy, { recursive: true });
    rmSync(join(copy, 'dist', 'code-cache'), { recursive: true, force: true });
    const run = () =>
      runCommand([process.execPath, join(copy, 'bin', 'proxaudit.js'), '--', 'echo', 'ran'], {
        env,
        cwd: elsewhere,
      });
    const first = await Promise.all(Array.from({ length: 4 }, run));
    expect(first.map(({ code, stdout }) => [code, stdout.toString()])).toEqual(first.map(() => [0, 'ran\n']));
    const code = listCode(join(copy, 'dist'));
    expect(code).toContainEqual(expect.stringMatching(/^v[^/]+\/run\.code$/));
    expect(code.filter((path) => !path.endsWith('.code'))).toEqual([]);
    const changedAt = () => statSync(join(copy, 'dist', 'code-cache', code[0] ?? '')).mtimeMs;
    const before = changedAt();
    expect((await run()).stdout.toString()).toBe('ran\n');
    expect([listCode(join(copy, 'dist')), changedAt()]).toEqual([code, before]);
    const { stdout } = await runCommand(['npm', 'pack', '--json', '--dry-run', '--ignore-scripts'], {
      env,
      cwd: copy,
    });
    expect(stdout.toString()).toContain('dist/chunks/run.js');
    expect(stdout.toString()).not.toContain('code-cache');
  });
});

describe('installed into an empty prefix', () => {
  it('it runs, and says what it is', async () => {
    expect((await proxaudit('--version')).stdout.toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await proxaudit('--help');
    expect(help.code).toBe(0);
    expect(help.stdout.toString()).toContain('proxaudit -- npm ci');
    expect((await proxaudit('report', '--help')).stdout.toString()).toContain('proxaudit report');
  });

  it('it audits a download, and reports on it', async () => {
    const options = ['--upstream-ca', authority.file, ...resolveArguments('origin.test', origin)];
    const journal = join(elsewhere, 'journal.jsonl');
    const command = ['curl', '-sS', '-o', 'download', 'https://origin.test/random/300000/installed'];
    const run = await proxaudit('-o', journal, ...options, '--', ...command);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toContain('origin.test');
    const body = randomBody(300_000, 'installed');
    expect(readFileSync(join(elsewhere, 'download')).equals(body)).toBe(true);
    const [exchange, ...others] = readJournal(journal).exchanges;
    expect(others).toEqual([]);
    expect(exchange?.response?.body.size).toBe(300_000);
    expect((await checkJournal(journal)).code).toBe(0);
    const report = await proxaudit('report', '--report', 'json');
    expect(JSON.parse(report.stdout.toString())).toHaveProperty('hosts');
    expect(readdirSync(join(user, 'tmp'))).toEqual([]);
  });

  it('it leads Node processes through the proxy by the preload that it brings', async () => {
    const options = ['--upstream-ca', authority.file, ...resolveArguments('origin.test', origin)];
    const journal = join(elsewhere, 'node.jsonl');
    const program = join(elsewhere, 'fetch.mjs');
    writeFileSync(program, `console.log((await fetch('https://origin.test/random/10/node')).status);`);
    const run = await proxaudit('-q', '-o', journal, ...options, '--', process.execPath, program);
    expect(run.stdout.toString(), run.stderr).toBe('200\n');
    expect(readJournal(journal).exchanges.map(({ request }) => request.url)).toEqual([
      'https://origin.test/random/10/node',
    ]);
  });
});

it('a clone that is not built says so in one line, and nothing is run; what is wrong in a build is not hidden', async () => {
  const clone = join(workspace.directory, 'clone');
  copyCheckout(clone);
  const start = () =>
    runCommand([process.execPath, join(clone, 'bin', 'proxaudit.js'), '--', 'echo', 'ran'], { env });
  const { code, stdout, stderr } = await start();
  expect([code, stdout.toString(), stderr]).toEqual([
    125,
    '',
    `proxaudit: this clone is not built: run "npm ci && npm run build" in ${clone}\n`,
  ]);
  mkdirSync(join(clone, 'dist'));
  writeFileSync(join(clone, 'dist', 'package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(clone, 'dist', 'cli.js'), `require('./chunks/lost.js');`);
  const damaged = await start();
  const say = (reason: string): string =>
    `proxaudit: this installation is damaged: ${reason}\n  Install proxaudit again.\n`;
  expect([damaged.code, damaged.stderr]).toEqual([125, say("Cannot find module './chunks/lost.js'")]);
  cpSync('dist', join(clone, 'dist'), { recursive: true });
  rmSync(join(clone, 'dist', 'chunks', 'run.js'));
  const { code: incompleteCode, stderr: incomplete } = await start();
  expect([incompleteCode, incomplete]).toEqual([125, say('run.js cannot be read (ENOENT)')]);
});
