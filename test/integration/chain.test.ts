import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkJournal, executable, readJournal, type Journal } from '../helpers/audit-run.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('chain');

/** Facts of each exchange that do not depend on who recorded it. */
const told = ({ exchanges }: Journal) =>
  exchanges
    .map(({ request, response }) => ({
      method: request.method,
      url: request.url,
      sent: request.body,
      status: response?.status,
      by: response?.by,
      received: response?.body,
    }))
    .sort((a, b) => (a.url < b.url ? -1 : 1));

/** Runs the command below `levels` proxaudits, the outermost of which alone knows where origin.test is. */
async function runChain(name: string, levels: number, command: readonly string[]) {
  const { user, directory, options } = scene();
  const files = Array.from({ length: levels }, (_, level) => join(directory, `${name}-${level}.jsonl`));
  const inner = files.slice(1).flatMap((file) => [process.execPath, executable, '-o', file, '--']);
  const result = await user.proxaudit(['-o', files[0] ?? '', ...options, '--', ...inner, ...command]);
  for (const file of files) expect((await checkJournal(file)).code).toBe(0);
  return { result, journals: files.map(readJournal) };
}

const curl = (...args: string[]) => [
  'curl',
  '-sS',
  '-o',
  '/dev/null',
  '-w',
  '%{http_code} %{http_version}\n',
  ...args,
];
const script = [
  curl('http://origin.test/random/2000/plain'),
  curl('--http1.1', 'https://origin.test/random/3000/h1'),
  curl('--http2', 'https://origin.test/random/4000/h2'),
  curl('--http2', '-d', 'what is sent', 'https://origin.test/echo'),
  curl('--http2', 'https://origin.test:8443/random/10/no-h2'),
]
  .map((argv) => argv.map((word) => `'${word}'`).join(' '))
  .join('\n');

describe.each([2, 3])('a chain of %s', (levels) => {
  it('records the same requests, answers and digests at every level', async () => {
    const { result, journals } = await runChain(`same-${levels}`, levels, ['sh', '-c', script]);
    expect(result.stdout.toString()).toBe('200 1.1\n200 1.1\n200 2\n200 2\n200 1.1\n');
    const [outer, ...inner] = journals;
    if (outer === undefined) throw new Error('no journal');
    expect(told(outer)).toHaveLength(5);
    for (const journal of inner) {
      expect(told(journal)).toEqual(told(outer));
      expect(journal.of('blind-spot')).toEqual([]);
      for (const { upstreamProxy } of [...journal.exchanges, ...journal.of('connection-opened')])
        expect(upstreamProxy).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
    expect(outer.exchanges.map(({ upstreamProxy }) => upstreamProxy)).toEqual(Array(5).fill(undefined));
    // Only the outermost knows the way to the origin, and only the innermost sees the clients themselves.
    expect(new Set(journals.at(-1)?.exchanges.map(({ process }) => process?.name))).toEqual(
      new Set(['curl']),
    );
    const seen = new Set(outer.exchanges.map(({ process }) => process?.command.join(' ') ?? 'nobody'));
    expect([...seen].every((command) => command.includes(executable))).toBe(true);
    expect(result.stderr.match(/─── proxaudit/g)).toHaveLength(1);
  });
});

describe('a chain', () => {
  it('passes the exit status through, and a bad certificate with its fault', async () => {
    const { directory, user, options } = scene();
    const outer = join(directory, 'bad-outer.jsonl');
    const inner = join(directory, 'bad-inner.jsonl');
    const without = options.slice(2);
    const nested = [process.execPath, executable, '-o', inner, '--'];
    const line = "curl -s -o /dev/null -w '%{http_code}' https://origin.test/; echo $?; exit 41";
    const result = await user.proxaudit(['-o', outer, ...without, '--', ...nested, 'sh', '-c', line]);
    expect([result.code, result.stdout.toString()]).toEqual([41, '00060\n']);
    for (const journal of [readJournal(outer), readJournal(inner)]) {
      expect(journal.exchanges).toEqual([]);
      const failed = { side: 'upstream', host: 'origin.test', cause: 'certificate-untrusted' };
      expect(journal.of('tls-failed')).toMatchObject([failed]);
    }
  });

  it('leaves a setting that names another proxy than the outer one set aside, and says so', async () => {
    const { directory, user, options } = scene();
    const inner = join(directory, 'other-inner.jsonl');
    const nested = ['env', 'PIP_PROXY=http://elsewhere.example:1', process.execPath, executable, '-o', inner];
    await user.proxaudit([...options, '--', ...nested, '--', 'true']);
    const [spot, ...others] = readJournal(inner).of('blind-spot');
    expect(others).toEqual([]);
    expect(spot).toMatchObject({ kind: 'replaced-setting', subject: 'PIP_PROXY' });
    expect(spot?.advice).toMatch(/from there through http:\/\/127\.0\.0\.1:\d+/);
    expect(readFileSync(inner, 'utf8')).not.toContain('elsewhere');
  });

  it('does not lead back to one of its own, however that is spelled, and says who asked', async () => {
    const ask = 'curl -s -o /dev/null -w "%{http_code} " --noproxy "" -x $http_proxy';
    const line = ['2130706433', '0x7f.1', '[::ffff:127.0.0.1]']
      .map((host) => `${ask} -g "http://${host}:\${http_proxy##*:}/"`)
      .join(';');
    const { result, journals } = await runChain('loop', 2, ['sh', '-c', line]);
    expect(result.stdout.toString()).toBe('508 508 508 ');
    const refused = { error: { code: 'loop-detected' }, response: { status: 508, by: 'proxaudit' } };
    expect(journals[1]?.exchanges).toMatchObject(Array(3).fill({ ...refused, process: { name: 'curl' } }));
    expect(journals[0]?.exchanges).toEqual([]);
  });

  it('is refused where it would lead to itself', async () => {
    const { user } = scene();
    const { listenOnLoopback } = await import('../helpers/origin/listening.ts');
    const { createServer } = await import('node:net');
    const { port, ...free } = await listenOnLoopback(createServer());
    await free.close();
    const result = await user.proxaudit([
      `--port=${port}`,
      `--upstream-proxy=localhost:${port}`,
      '--',
      'true',
    ]);
    expect(result.code).toBe(125);
    expect(result.stderr).toContain('which is where proxaudit itself listens');
  });
});
