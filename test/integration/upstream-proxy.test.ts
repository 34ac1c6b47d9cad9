import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { useScene } from '../helpers/scene.ts';
import { startHttpProxy, type TestProxy } from '../helpers/upstream-proxies/http-proxy.ts';

const scene = useScene('upstream-proxy');
const password = 'pl4nted/S3cret:p@ss';
const encoded = encodeURIComponent(password);
const authorization = Buffer.from(`somebody:${password}`).toString('base64');
const forms = [
  password,
  encoded,
  authorization,
  encodeURIComponent(authorization),
  Buffer.from(password).toString('base64'),
];

let proxy: TestProxy;
beforeAll(async () => {
  const { origin } = scene();
  const names = { 'origin.test:80': origin.ports.http, 'origin.test:443': origin.ports.https };
  proxy = await startHttpProxy({ names, wants: `Basic ${authorization}` });
});
afterAll(() => proxy.close());

/** All that is left on disk below a directory. */
const contentOf = (directory: string): string =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .map((file) => (statSync(file).isFile() ? readFileSync(file, 'latin1') : file))
    .join('\n');

async function run(args: readonly string[], additions: NodeJS.ProcessEnv, command: readonly string[]) {
  const { user, authority, directory } = scene();
  const file = join(directory, 'run.jsonl');
  const markdown = join(directory, 'run.md');
  const options = ['-o', file, '--upstream-ca', authority.file, '--report', `markdown=${markdown}`, ...args];
  const result = await user.proxaudit([...options, '--', ...command], { env: { ...user.env, ...additions } });
  expect((await checkJournal(file)).code).toBe(0);
  const texts = [result.stderr, readFileSync(file, 'utf8'), readFileSync(markdown, 'utf8')];
  return {
    result,
    stdout: result.stdout.toString(),
    texts,
    markdown: texts[2] ?? '',
    journal: readJournal(file),
  };
}

const url = () => `http://somebody:${encoded}@127.0.0.1:${proxy.port}`;
const shown = () => `http://127.0.0.1:${proxy.port}`;
const script = [
  "curl -sS -o /dev/null -w '%{http_code} ' http://origin.test/random/10/a https://origin.test/random/10/b -o /dev/null",
  'env',
  'cat $WGETRC $APT_CONFIG',
].join('\n');

describe('the proxy of the user', () => {
  it.each([
    ['of the variables', () => [], () => ({ http_proxy: url(), HTTPS_PROXY: url() })],
    ['of all_proxy', () => [], () => ({ ALL_PROXY: url() })],
    ['of the option', () => ['--upstream-proxy', url()], () => ({ https_proxy: 'http://unused.example' })],
    ["of the option's variable", () => [], () => ({ PROXAUDIT_UPSTREAM_PROXY: url() })],
  ])('%s is gone through, named once, and its credentials are nowhere', async (_name, args, additions) => {
    const { stdout, texts, journal, result, markdown } = await run(args(), additions(), ['sh', '-c', script]);
    expect(stdout).toMatch(/^200 200 /);
    expect(journal.exchanges.map(({ upstreamProxy }) => upstreamProxy)).toEqual([shown(), shown()]);
    expect(result.stderr.split(shown())).toHaveLength(_name === 'of the option' ? 3 : 2);
    expect(result.stderr).toContain(`via proxy ${shown()}`);
    expect(markdown).toContain(`via proxy \`${shown()}\``);
    const all = [...texts, stdout, contentOf(scene().user.directory)].join('\n');
    for (const form of forms) expect(all.includes(form), form).toBe(false);
    expect(proxy.credentials.at(-1)).toBe(`Basic ${authorization}`);
    const replaced = journal.of('blind-spot').map(({ subject }) => subject);
    expect(replaced).toEqual(_name === 'of the option' ? ['https_proxy'] : []);
  });

  it('is told to the user when it refuses, without what was refused', async () => {
    const wrong = { https_proxy: url().replace('somebody', 'other') };
    const { texts, stdout, journal } = await run([], wrong, ['curl', '-sS', 'https://origin.test/']);
    expect(journal.of('connection-closed')).toMatchObject([
      { error: { code: 'upstream-proxy-auth-refused' } },
    ]);
    expect(texts[0]).toContain('upstream-proxy-auth-refused');
    for (const form of forms) expect(`${stdout}${texts.join('')}`.includes(form), form).toBe(false);
  });

  it('is left out by none, by NO_PROXY and by --resolve', async () => {
    const { origin } = scene();
    const before = proxy.asked.length;
    const curl = ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', 'https://origin.test/random/10'];
    const resolve = resolveArguments('origin.test', origin);
    const all = { https_proxy: url() };
    expect((await run(resolve, all, curl)).stdout).toBe('200');
    const none = await run([...resolve, '--upstream-proxy=none'], all, curl);
    expect(none.stdout).toBe('200');
    expect(none.journal.of('blind-spot')[0]?.advice).toContain('from there directly');
    // Excepted for the command too, which then does not come to us at all.
    const excepted = { ...all, NO_PROXY: 'other.test,.origin.test' };
    await run(resolve, excepted, curl);
    expect(proxy.asked.length).toBe(before);
  });

  it('that cannot be used is refused at the start, without its value', async () => {
    const { user } = scene();
    for (const [args, additions] of [
      [['--upstream-proxy', `ftp://u:${encoded}@proxy.example`], {}],
      [[], { all_proxy: `gopher://u:${encoded}@proxy.example` }],
    ] as const) {
      const result = await user.proxaudit([...args, '--', 'echo', 'ran'], {
        env: { ...user.env, ...additions },
      });
      expect([result.code, result.stdout.toString()]).toEqual([125, '']);
      expect(result.stderr).toMatch(/(--upstream-proxy|all_proxy) names a proxy by (ftp|gopher):\/\//);
      expect(result.stderr).not.toContain(encoded);
    }
  });
});
