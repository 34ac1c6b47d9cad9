import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { runCommand, type CommandResult } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { hermeticEnvironment } from '../helpers/registries/client-environment.ts';

const workspace = createWorkspace('install');
const user = join(workspace.directory, 'user');
const prefix = join(workspace.directory, 'prefix');
const elsewhere = join(workspace.directory, 'elsewhere');
const installed = join(prefix, 'lib', 'node_modules', 'proxaudit');
let env: NodeJS.ProcessEnv;
let files: string[];
let packageFile: string;
let authority: Authority;
let origin: Origin;

/** What a clean checkout has, apart from tests: npm runs the build in it before it packs. */
const CHECKOUT = [
  'bin',
  'src',
  'reports',
  'package.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

beforeAll(async () => {
  env = { ...hermeticEnvironment(user), NODE_PATH: '', npm_config_cache: join(user, 'npm-cache') };
  mkdirSync(elsewhere);
  const checkout = join(workspace.directory, 'checkout');
  mkdirSync(checkout);
  for (const name of CHECKOUT.filter((entry) => existsSync(entry))) {
    cpSync(name, join(checkout, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  const pack = ['npm', 'pack', '--json', '--pack-destination', workspace.directory];
  const packed = await succeed(pack, checkout);
  const [tarball] = JSON.parse(packed.stdout.toString()) as { filename: string; files: { path: string }[] }[];
  packageFile = join(workspace.directory, tarball?.filename ?? '');
  files = (tarball?.files ?? []).map(({ path }) => path);
  const install = ['npm', 'install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix];
  await succeed([...install, packageFile], elsewhere);
  authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
});

afterAll(async () => {
  await origin.close();
  workspace.remove();
});

async function succeed(argv: readonly string[], cwd: string): Promise<CommandResult> {
  const result = await runCommand(argv, { env, cwd });
  expect(result.code, `${argv.join(' ')}: ${result.stdout.toString()}${result.stderr}`).toBe(0);
  return result;
}

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

describe('installed into an empty project, as a library', () => {
  const project = join(workspace.directory, 'project');
  const readme = readFileSync('README.md', 'utf8');
  const [, example = ''] = /^## As a library$[^]*?^```js\n([^]*?)^```$/m.exec(readme) ?? [];

  beforeAll(async () => {
    mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "type": "module", "private": true }');
    await succeed(['npm', 'install', '--offline', '--no-audit', '--no-fund', packageFile], project);
    for (const name of ['@types/node', 'undici-types']) {
      mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
      symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
    }
  });

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
    const { stdout, stderr } = await succeed([process.execPath, 'example.js'], project);
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
    await succeed([process.execPath, tsc, '--project', project], project);
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
      project,
    );
    expect(JSON.parse(stdout.toString())).toEqual([
      // To an ES module a CommonJS one is its own default export too.
      ['AuditError', 'audit', 'default', 'readRun', 'renderReport', 'start'],
      ['AuditError', 'audit', 'readRun', 'renderReport', 'start'],
      'string',
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    ]);
  });
});
