import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { executable } from '../helpers/audit-run.ts';
import { startProgram } from '../helpers/run-program.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('crash');
const fetchMany = resolve('test/fixtures/programs/fetch-many.mjs');

interface Line {
  readonly type: string;
  readonly request?: { readonly url: string };
}

/** The whole lines of a journal that may end within one. */
function readWhole(file: string): Line[] {
  const text = readFileSync(file, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { timeout: 60_000, interval: 5 }).toBe(true);
}

describe('proxaudit killed in the middle of requests', () => {
  it.each(['http', 'https'])(
    'has recorded every one that reached the origin by %s, and is swept up after',
    async (scheme) => {
      const { directory, user, origin, options } = scene();
      const before = origin.log.length;
      const journal = join(directory, `killed-${scheme}.jsonl`);
      const url = `${scheme}://origin.test/random/20000`;
      const running = startProgram(
        [
          process.execPath,
          executable,
          '-o',
          journal,
          ...options,
          '--',
          process.execPath,
          fetchMany,
          '200',
          '10',
          url,
        ],
        { env: user.env, cwd: user.directory },
      );
      await until(() => origin.log.length >= before + 100);
      running.process.kill('SIGKILL');
      const result = await running.ended;
      expect(result.signal).toBe('SIGKILL');
      expect(result.stdout.toString()).toContain('failed');

      const reached = origin.log.slice(before).map(({ path }) => `${scheme}://origin.test${path}`);
      expect(reached.length).toBeGreaterThanOrEqual(100);
      expect(reached.length).toBeLessThan(200);
      const told = readWhole(journal).flatMap(({ type, request }) =>
        type === 'exchange-started' && request !== undefined ? [request.url] : [],
      );
      expect(reached.filter((address) => !told.includes(address))).toEqual([]);
      expect(new Set(told).size).toBe(told.length);

      const report = await user.proxaudit(['report']);
      expect(report.code, report.stderr).toBe(0);
      expect(report.stdout.toString()).toMatch(/cut short/i);
      const json = JSON.parse((await user.proxaudit(['report', '--report=json'])).stdout.toString()) as {
        runs: { integrity: { verdict: string }; exit: unknown }[];
      };
      expect(json.runs[0]).toMatchObject({ integrity: { verdict: 'truncated' }, exit: null });

      const left = user.trustDirectories();
      expect(left).toHaveLength(1);
      const living = startProgram(
        [
          process.execPath,
          executable,
          '-q',
          '--',
          'sh',
          '-c',
          'echo up; read -r go; cat "$SSL_CERT_FILE" | wc -c',
        ],
        {
          env: user.env,
          keepStdin: true,
        },
      );
      await living.prints('up');
      const [alive = '', ...others] = user.trustDirectories();
      expect(others).toEqual([]);
      expect(left).not.toContain(alive);
      expect((await user.proxaudit(['-q', '--', 'true'])).code).toBe(0);
      expect(user.trustDirectories()).toEqual([alive]);
      expect(existsSync(join(user.tmp, alive))).toBe(true);
      living.process.stdin?.end('go\n');
      const { stdout, status } = await living.ended;
      expect(Number(stdout.toString().split('\n')[1])).toBeGreaterThan(1000);
      expect(status).toBe(0);
      expect(user.trustDirectories()).toEqual([]);
    },
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ended by %s it leaves nothing', async (signal) => {
    const { user } = scene();
    const running = startProgram(
      [process.execPath, executable, '-q', '--', 'sh', '-c', 'echo up; exec sleep 60'],
      {
        env: user.env,
      },
    );
    await running.prints('up');
    expect(user.trustDirectories()).toHaveLength(1);
    running.process.kill(signal);
    expect((await running.ended).status).toBeGreaterThan(128);
    expect(user.trustDirectories()).toEqual([]);
  });
});
