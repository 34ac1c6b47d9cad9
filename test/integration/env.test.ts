import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Library from '../../src/library/index.ts';
import { makeOddCa } from '../certificates/tools.ts';
import { executable } from '../helpers/audit-run.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { runCommand, type CommandResult } from '../helpers/origin/run-command.ts';
import { missingCommand } from '../helpers/registries/commands.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('env');
let proxy: Library.RecordingProxy;

beforeAll(async () => {
  const library = (await import(resolve('dist/index.js'))) as typeof Library;
  const { user, authority, origin } = scene();
  proxy = await library.start({
    env: user.env,
    upstreamCa: authority.file,
    resolve: { 'origin.test:443': `127.0.0.1:${origin.ports.https}` },
  });
});
afterAll(() => proxy.stop());

const env = (...args: string[]): Promise<CommandResult> => scene().user.proxaudit(['env', ...args]);
const reach = (): string[] => ['--address', proxy.address, '--ca', proxy.ca.file];
const directoryIn = (stderr: string): string =>
  /files for these variables are in (\S+)/.exec(stderr)?.[1] ?? '';
const download = 'curl -sS https://origin.test/random/1000';

describe('env --address A --ca F', () => {
  for (const [shell, script] of [
    ['sh', `eval "$(ENV)"; ${download}/sh`],
    ['bash', `eval "$(ENV)"; ${download}/bash`],
    ['fish', `ENV --format fish | source; ${download}/fish`],
  ] as const) {
    const reason = missingCommand(shell);
    const title = `leads what ${shell} starts afterwards through the proxy`;
    it.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (${reason})`, async () => {
      const command = `${process.execPath} ${executable} env ${reach().join(' ')}`;
      const { env: own } = scene().user;
      const result = await runCommand([shell, '-c', script.replace('ENV', command)], { env: own });
      expect(result.stdout.equals(randomBody(1000, shell)), result.stderr).toBe(true);
      const urls = proxy.exchanges().map(({ request }) => request.url);
      expect(urls).toContain(`https://origin.test/random/1000/${shell}`);
    });
  }

  it('leads Node there too, and wget by the file it writes', async () => {
    const variables = JSON.parse(
      (await env(...reach(), '--format', 'json')).stdout.toString(),
    ) as NodeJS.ProcessEnv;
    const program = `console.log((await fetch('https://origin.test/random/10/env-node')).status)`;
    const all = { ...scene().user.env, ...variables };
    const node = await runCommand([process.execPath, '--input-type=module', '-e', program], { env: all });
    expect(node.stdout.toString(), node.stderr).toBe('200\n');
    const wget = await runCommand(['wget', '-qO-', 'https://origin.test/random/1000/wget'], { env: all });
    expect(wget.stdout.equals(randomBody(1000, 'wget')), wget.stderr).toBe(true);
  });

  it('says where its files are and what is not set, and gives the same again for the same', async () => {
    const first = await env(...reach());
    const directory = directoryIn(first.stderr);
    expect(first.stderr).toMatch(/^proxaudit: not set, .*ALL_PROXY/m);
    expect(first.stderr).toContain('programs that ignore these variables');
    expect(first.stdout.toString()).not.toContain('PROXAUDIT_ACTIVE_RUN');
    expect(statSync(directory).mode & 0o022).toBe(0);
    const contents = (): string[] =>
      readdirSync(directory).map(
        (name) => `${name}: ${readFileSync(join(directory, name), 'latin1').length}`,
      );
    const before = contents();
    const { user } = scene();
    const script = `eval "$(${process.execPath} ${executable} env ${reach().join(' ')})" && exec ${process.execPath} ${executable} env ${reach().join(' ')}`;
    const again = await runCommand(['sh', '-c', script], { env: user.env });
    expect(directoryIn(again.stderr)).toBe(directory);
    expect(again.stdout.toString()).toBe(first.stdout.toString());
    expect(contents()).toEqual(before);
  });

  it('writes where it is told to, and keeps what the user had', async () => {
    const { user } = scene();
    writeFileSync(join(user.env['HOME'] ?? '', '.wgetrc'), 'user_agent = mine\n');
    const directory = join(scene().directory, 'files');
    const mine = { ...user.env, NO_PROXY: 'mirror.example', NODE_OPTIONS: '--no-deprecation', No_Proxy: 'x' };
    const { stdout, stderr } = await user.proxaudit(['env', ...reach(), '--dir', directory], { env: mine });
    expect(directoryIn(stderr)).toBe(directory);
    expect(readFileSync(join(directory, 'wgetrc'), 'utf8')).toMatch(/^user_agent = mine\n/);
    expect(stdout.toString()).toContain("export NODE_OPTIONS='--no-deprecation --require ");
    expect(stdout.toString()).toContain('unset No_Proxy\n');
    expect(stderr).toContain('as your NO_PROXY says: mirror.example');
  });

  it('removes the files of a CA that has expired, and only those', async () => {
    const { user } = scene();
    const kept = directoryIn((await env(...reach())).stderr);
    const expired = directoryIn(
      (await env('--address', proxy.address, '--ca', makeOddCa(-3, -1).certFile)).stderr,
    );
    const other = join(user.tmp, 'proxaudit-env-of-somebody');
    writeFileSync(other, '');
    utimesSync(other, 0, 0);
    await env(...reach());
    expect([kept, expired, other].map((path) => existsSync(path))).toEqual([true, false, true]);
  });
});

it('in a run, it gives that run’s variables for other formats', async () => {
  const { user, options } = scene();
  const inner = `${process.execPath} ${executable} env --format dotenv`;
  const { stdout, stderr } = await user.proxaudit(['-q', ...options, '-c', inner]);
  expect(stdout.toString(), stderr).toMatch(/^PROXAUDIT_ACTIVE_RUN=\d{8}T/m);
  expect(stdout.toString()).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+$/m);
  expect(stdout.toString()).toMatch(/^WGETRC=.*\/wgetrc$/m);
  expect(directoryIn(stderr)).toBe('');
});

describe('refuses', () => {
  it.each<[args: readonly string[], said: string]>([
    [[], 'there is no active run here'],
    [['--address', '127.0.0.1:1'], '--ca is missing'],
    [['--ca', 'x.pem'], '--address is missing'],
    [['--address', 'here', '--ca', 'x.pem'], 'expected HOST:PORT'],
    [['--address', '127.0.0.1:1', '--ca', 'missing.pem'], 'cannot be read'],
    [['--format', 'cmd'], 'Allowed choices are dotenv, fish, github, json, powershell, sh.'],
    [['FOO=1', 'make'], 'takes no command'],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await env(...args);
    expect([code, stdout.toString()], stderr).toEqual([2, '']);
    expect(stderr).toMatch(/^proxaudit: [^\n]+\n {2}[^\n]+\n$/);
    expect(stderr).toContain(said);
  });
});
