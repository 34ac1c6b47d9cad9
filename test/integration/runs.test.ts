import { existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEntry } from '../../src/model/run-entry.ts';
import type { CommandResult } from '../helpers/origin/run-command.ts';
import { startProgram } from '../helpers/run-program.ts';
import { executable } from '../helpers/audit-run.ts';
import { createUser } from '../helpers/audited-user.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('runs');
const DAY = 86_400_000;
let ids: string[];

beforeAll(async () => {
  const { user, options } = scene();
  const curl = ['curl', '-sS', '-o', 'x', 'https://origin.test/random/1000/runs'];
  await user.proxaudit(['-q', ...options, '--', ...curl, '-H', 'Authorization: Bearer s3cr3t-t0ken-value']);
  await user.proxaudit(['-q', '--', 'sh', '-c', 'exit 3']);
  await user.proxaudit(['-q', '-o', 'elsewhere.jsonl', '--', 'true']);
  ids = user.runIds();
});

async function runs(...args: string[]): Promise<CommandResult> {
  return scene().user.proxaudit(['runs', ...args]);
}

async function list(): Promise<RunEntry[]> {
  return JSON.parse((await runs('--json')).stdout.toString()) as RunEntry[];
}

describe('runs list', () => {
  it('tells of each run, the newest first', async () => {
    const entries = await list();
    expect(entries.map(({ runId }) => runId)).toEqual(ids.toReversed());
    const [third, second, first] = entries;
    expect(first).toMatchObject({ state: 'finished', exit: { code: 0 }, requests: 1, hosts: 1 });
    expect(second).toMatchObject({ exit: { code: 3 }, requests: 0, hosts: 0, completeness: 'proxied-only' });
    expect(third).toMatchObject({ journalFile: join(scene().user.directory, 'elsewhere.jsonl') });
    const { stdout, stderr, code } = await runs();
    expect([stderr, code]).toEqual(['', 0]);
    const [head = '', ...lines] = stdout.toString().trimEnd().split('\n');
    expect(head).toMatch(/^RUN +BEGAN +ENDED +TOOK +HOSTS +REQUESTS +JOURNAL$/);
    expect(lines.filter((_, index) => index % 2 === 0).map((line) => line.slice(0, 23))).toEqual(
      ids.toReversed(),
    );
    expect(lines[3]).toBe("    sh -c 'exit 3' (proxied-only)");
    expect(lines[4]).toMatch(/exit 0 .* 1 +1 +[\d.]+ kB$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout.toString()).not.toContain('s3cr3t');
  });

  it('tells a run that is under way, one that was killed, and one that was damaged', async () => {
    const { user } = scene();
    const argv = [process.execPath, executable, '-q', '--', 'sh', '-c', 'echo up; exec sleep 100'];
    const running = startProgram(argv, { env: user.env, cwd: user.directory });
    await running.prints('up');
    const [live] = await list();
    expect(live).toMatchObject({ state: 'running', exit: null, requests: null });
    running.process.kill('SIGTERM');
    await running.ended;
    const journal = join(user.runs, live?.runId ?? '', 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    truncateSync(journal, (lines[0] ?? '').length + 1);
    expect((await list())[0]).toMatchObject({
      state: 'cut-short',
      command: ['sh', '-c', 'echo up; exec sleep 100'],
    });
    writeFileSync(journal, '{"v":1,"type":"run-started","command":"\u001b[2J"}\n');
    expect((await list())[0]).toMatchObject({ state: 'unreadable', command: [] });
    expect((await runs('prune', '--keep', '0', '--older-than', '1h', '--dry-run')).stdout.toString()).toBe(
      '0 runs would be removed, 0 B\n',
    );
  });

  it('shows nothing of a command to the terminal that it would obey', async () => {
    const { user } = scene();
    await user.proxaudit(['-q', '--', 'echo', '\u001b[31mred\n']);
    const { stdout } = await runs();
    expect(stdout.toString()).toContain("echo '\\x1b[31mred\\n'");
    expect(stdout.toString()).not.toContain('\u001b');
  });
});

describe('runs show', () => {
  it('gives the summary of the run whose id begins so, or its report', async () => {
    const first = ids[0] ?? '';
    const shown = await runs('show', first.slice(0, -1));
    expect(shown.stdout.toString(), shown.stderr).toContain('origin.test');
    const report = await runs('show', first, '--json');
    expect(JSON.parse(report.stdout.toString())).toMatchObject({
      runs: [{ runId: first }],
      counts: { exchanges: 1 },
    });
    expect((await runs('show')).stdout.toString()).toContain('proxaudit · echo');
  });

  it('refuses an id that is not there, or that is not enough', async () => {
    for (const [prefix, said] of [
      ['1999', "no run's id begins with '1999'"],
      [(ids[0] ?? '').slice(0, 4), 'begins the ids of'],
      ['../..', 'no run'],
    ] as const) {
      const { code, stdout, stderr } = await runs('show', prefix);
      expect([code, stdout.toString()]).toEqual([2, '']);
      expect(stderr).toContain(said);
    }
  });
});

describe('a run that did not start its command', () => {
  it('is listed, and is not the last run as long as there is another', async () => {
    const user = createUser(scene().directory, 'hasty');
    const tell = async (...args: string[]) => {
      const { code, stdout, stderr } = await user.proxaudit(args);
      return { code, stdout: stdout.toString(), stderr };
    };
    expect((await tell('-q', '--', 'no-such-program')).code).toBe(127);
    const alone = await tell('report');
    expect([alone.code, alone.stderr]).toEqual([0, '']);
    expect(alone.stdout).toContain('proxaudit · no-such-program · not started (127)');

    await tell('-q', '--', 'echo', 'done');
    const [, done = ''] = user.runIds();
    expect((await tell('-q', '--', 'no-such-program')).code).toBe(127);
    const one = await tell('report');
    expect(one.stdout).toContain('proxaudit · echo done · exit 0');
    expect(one.stderr).toBe(`proxaudit: this is run ${done}: the newer run did not start a command\n`);
    expect((await tell('-q', '--baseline', 'none.lock', '--', 'echo', 'ran')).code).toBe(125);
    writeFileSync(join(user.directory, 'no-program'), '');
    expect((await tell('-q', '--', './no-program')).code).toBe(126);

    const said = `proxaudit: this is run ${done}: the 3 newer runs did not start a command\n`;
    expect((await tell('report')).stderr).toBe(said);
    expect(await tell('runs', 'show')).toMatchObject({ code: 0, stdout: one.stdout, stderr: said });
    expect(await tell('lock', '-o', '-')).toMatchObject({ code: 0, stderr: said });
    expect((await tell('report', user.runIds().at(-1) ?? '')).stdout).toContain('not started (126)');
    expect((await tell('runs')).stdout.match(/not started \(\d+\)|exit \d+/g)).toEqual([
      'not started (126)',
      'not started (125)',
      'not started (127)',
      'exit 0',
      'not started (127)',
    ]);
  });
});

describe('runs prune', () => {
  it('removes what is old, and says what; never the newest that are to stay, a live one, or a journal elsewhere', async () => {
    const { user } = scene();
    const old = (id: string, days: number): string => {
      const date = new Date(Date.now() - days * DAY).toISOString().replace(/[-:]/g, '');
      const aged = `${date.slice(0, 15)}Z-${date.slice(16, 19)}${id.slice(-3)}`;
      renameSync(join(user.runs, id), join(user.runs, aged));
      return aged;
    };
    const aged = ids.map((id, index) => old(id, 40 - index));
    const live = old((await list())[0]?.runId ?? '', 50);
    writeFileSync(join(user.runs, live, 'pid'), `${process.pid} ${startOf(process.pid)}\n`);
    mkdirSync(join(user.runs, 'not-a-run'));

    const dry = await runs('prune', '--older-than', '30d', '--keep', '2', '--dry-run');
    expect(dry.stdout.toString()).toContain('would be removed');
    expect(user.runIds()).toEqual(expect.arrayContaining(aged));

    const { stdout, code } = await runs('prune', '--older-than', '30d');
    expect(code).toBe(0);
    expect(stdout.toString().match(/^removed {2}\S+/gm)).toEqual(
      aged.toReversed().map((id) => `removed  ${id}`),
    );
    expect(stdout.toString()).toMatch(/^3 runs removed, [\d.]+ kB$/m);
    expect(user.runIds().filter((id) => aged.includes(id))).toEqual([]);
    expect(user.runIds()).toEqual(expect.arrayContaining([live, 'not-a-run']));
    expect(existsSync(join(user.directory, 'elsewhere.jsonl'))).toBe(true);

    await runs('prune', '--keep', '0');
    expect(user.runIds()).toEqual([live, 'not-a-run']);
  });

  it.each([
    [['prune', '--older-than', 'soon'], 'Expected a number and a unit'],
    [['prune', '--keep', '-1'], 'Expected a whole number'],
    [['list', 'x'], 'too many arguments'],
    [['remove'], "there is no command 'remove'"],
  ])('refuses %j', async (args, said) => {
    const { code, stdout, stderr } = await runs(...args);
    expect([code, stdout.toString()]).toEqual([2, '']);
    expect(stderr).toMatch(/^proxaudit: [^\n]+\n {2}[^\n]+\n$/);
    expect(stderr).toContain(said);
  });
});

function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[19] ?? '';
}
