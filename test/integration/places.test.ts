import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('places');
const fetchMany = resolve('test/fixtures/programs/fetch-many.mjs');

describe('the journal', () => {
  it('is kept for its owner alone, and the last 50 runs of them', async () => {
    const { user } = scene();
    await user.proxaudit(['-q', '--', 'true']);
    const [id = ''] = user.runIds();
    expect(statSync(join(user.runs, id)).mode & 0o777).toBe(0o700);
    expect(statSync(join(user.runs, id, 'journal.jsonl')).mode & 0o777).toBe(0o600);
    expect((await checkJournal(join(user.runs, id, 'journal.jsonl'))).code).toBe(0);
    for (let number = 10; number < 70; number += 1)
      mkdirSync(join(user.runs, `20200101T0000${number}Z-000000`));
    await user.proxaudit(['-q', '--', 'true']);
    expect(user.runIds().length).toBeLessThanOrEqual(62);
    expect(user.runIds()).toContain(id);
  });

  it('is named in the summary, and "report" finds it there', async () => {
    const { user, options } = scene();
    const curl = ['curl', '-s', '-o', 'x', 'https://origin.test/random/10'];
    const result = await user.proxaudit([...options, '--', ...curl]);
    expect(result.stderr).toContain(user.runIds().at(-1));
    const report = await user.proxaudit(['report']);
    expect(report.stdout.toString()).toBe(result.stderr);
  });

  it('goes to -o FILE, relative to where it was started, and "report" finds it from anywhere', async () => {
    const { user, directory, options } = scene();
    const result = await user.proxaudit([
      '-q',
      '-o',
      'mine.jsonl',
      ...options,
      '--',
      'curl',
      '-s',
      '-o',
      'x',
      'http://origin.test/random/10',
    ]);
    expect(result.code, result.stderr).toBe(0);
    const file = join(user.directory, 'mine.jsonl');
    expect((await checkJournal(file)).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const report = await user.proxaudit(['report'], { cwd: directory });
    expect(report.stdout.toString()).toContain('origin.test');
    expect(report.stdout.toString()).toContain('mine.jsonl');
  });

  it('goes to stderr with -o -, whole', async () => {
    const { user, directory, options } = scene();
    const curl = [
      'curl',
      '-s',
      '-o',
      'x',
      'https://origin.test/random/10',
      '-o',
      'y',
      'https://origin.test/random/20',
    ];
    const result = await user.proxaudit(['-q', '-o', '-', ...options, '--', ...curl]);
    expect([result.code, result.stdout.toString()]).toEqual([0, '']);
    const file = join(directory, 'stderr.jsonl');
    writeFileSync(file, result.stderr);
    expect((await checkJournal(file)).code).toBe(0);
    expect(readJournal(file).exchanges).toHaveLength(2);
    const piped = await user.proxaudit(['report', '-'], { input: result.stderr });
    expect(piped.stdout.toString()).toContain('origin.test');
  });

  it('is written to -o FILE where no state directory can be made, and otherwise nothing is run', async () => {
    const { user, directory } = scene();
    const env = { ...user.env, HOME: '/dev/null/home', XDG_STATE_HOME: '/dev/null/state' };
    const refused = await user.proxaudit(['--', 'echo', 'ran'], { env });
    expect([refused.code, refused.stdout.toString()]).toEqual([125, '']);
    expect(refused.stderr).toMatch(
      /^proxaudit: the run directory \/dev\/null\/state\/.* cannot be made: part of the path is no directory\n/,
    );
    expect(refused.stderr).toContain('-o FILE');
    const file = join(directory, 'homeless.jsonl');
    const result = await user.proxaudit(['-o', file, '--', 'echo', 'ran'], { env });
    expect([result.code, result.stdout.toString()]).toEqual([0, 'ran\n']);
    expect((await checkJournal(file)).code).toBe(0);
  });

  it('that cannot be opened keeps the command from being run', async () => {
    const { user } = scene();
    const before = user.runIds();
    for (const [file, said] of [
      ['/dev/null/x', 'part of the path is no directory'],
      ['no/such/folder/x', 'there is no such file or directory'],
      [user.directory, 'it is a directory'],
    ] as const) {
      const result = await user.proxaudit(['-o', file, '--', 'echo', 'ran']);
      expect([result.code, result.stdout.toString()]).toEqual([125, '']);
      expect(result.stderr).toMatch(/^proxaudit: the journal \S+ cannot be written: /);
      expect(result.stderr).toContain(`written: ${said}\n  Make room or choose`);
      expect(result.stderr).not.toMatch(/^\s+at /m);
      expect(user.runIds(), 'taken for a run').toEqual(before);
    }
  });
});

describe('reports of a run', () => {
  it('go to the run directory, or where they were sent', async () => {
    const { user } = scene();
    const result = await user.proxaudit(['--report', 'json', '--report=markdown=here.md', '--', 'true']);
    const own = join(user.runs, user.runIds().at(-1) ?? '', 'report.json');
    expect(JSON.parse(readFileSync(own, 'utf8'))).toHaveProperty('runs');
    expect(existsSync(join(user.directory, 'here.md'))).toBe(true);
    expect(result.stderr).toContain(`  report   ${own}\n`);
    expect(result.stderr).toContain('here.md');
    expect(result.stdout.toString()).toBe('');
  });

  it('go to directories that are made for them; where one cannot be, it is told how to have it all the same', async () => {
    const { user } = scene();
    const made = await user.proxaudit(['--report', 'json=a/b/r.json', '--', 'true']);
    expect([made.code, existsSync(join(user.directory, 'a', 'b', 'r.json'))], made.stderr).toEqual([0, true]);
    const refused = await user.proxaudit(['--report', 'markdown=a/b/r.json/x.md', '--', 'true']);
    expect(refused.code).toBe(125);
    expect(refused.stderr).toContain(
      'the report a/b/r.json/x.md cannot be written: part of the path is no directory\n' +
        '  Nothing that was recorded is lost: "proxaudit report --report markdown=PATH" makes it again.\n',
    );
  });

  it('cannot go to stdout, which is the command’s', async () => {
    const result = await scene().user.proxaudit(['--report=json=-', '--', 'echo', 'ran']);
    expect([result.code, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toMatch(/^proxaudit: --report json=-: stdout belongs to the command\n/);
  });
});

describe('two runs at once', () => {
  it('do not mix', async () => {
    const { user, directory, options } = scene();
    const run = async (name: string, count: number) => {
      const journal = join(directory, `${name}.jsonl`);
      const command = [
        process.execPath,
        fetchMany,
        String(count),
        '5',
        `https://origin.test/random/50/${name}`,
      ];
      const result = await user.proxaudit(['-q', '-o', journal, ...options, '--', ...command]);
      expect(result.code, result.stderr).toBe(0);
      expect((await checkJournal(journal)).code).toBe(0);
      return readJournal(journal);
    };
    const [left, right] = await Promise.all([run('left', 60), run('right', 40)]);
    for (const [journal, name, count] of [
      [left, 'left', 60],
      [right, 'right', 40],
    ] as const) {
      expect(journal.exchanges).toHaveLength(count);
      expect(journal.exchanges.filter(({ request }) => !request.url.includes(`/${name}/`))).toEqual([]);
    }
    expect(left.of('run-started')[0]?.runId).not.toBe(right.of('run-started')[0]?.runId);
    expect(user.trustDirectories()).toEqual([]);
  });
});
