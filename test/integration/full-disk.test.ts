import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executable } from '../helpers/audit-run.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('full-disk');
const fetchMany = resolve('test/fixtures/programs/fetch-many.mjs');
const isRoot = process.getuid?.() === 0;
let disk = '';
let reason = isRoot ? '' : 'needs root to mount a small disk';

beforeAll(() => {
  disk = join(scene().directory, 'disk');
  mkdirSync(disk);
  if (!isRoot) return;
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk], {
    encoding: 'utf8',
  });
  if (status !== 0) reason = `cannot mount: ${stderr}`;
});

afterAll(() => {
  if (isRoot) spawnSync('umount', [disk]);
});

const answersOf = (stdout: Buffer): string[] =>
  stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '');

describe('a disk that is full', () => {
  it.for([
    [0, 125],
    [7, 7],
  ])(
    'stops requests, not the command; its status %i becomes %i (needs root and mount)',
    async ([status, expected], { skip }) => {
      skip(reason !== '', reason);
      const { user, origin, options } = scene();
      const before = origin.log.length;
      const journal = join(disk, 'journal.jsonl');
      const command = [
        process.execPath,
        fetchMany,
        '300',
        '5',
        'https://origin.test/random/10',
        'http://origin.test/random/10',
      ];
      const line = `${command.map((word) => `'${word}'`).join(' ')}; exit ${status}`;
      const atEnd = join(scene().directory, `at-end-${status}.json`);
      const own = ['-o', journal, '--report', `json=${atEnd}`, ...options];
      const result = await user.proxaudit([...own, '-c', line]);
      expect(result.code, result.stderr).toBe(expected);

      const answers = answersOf(result.stdout);
      expect(answers).toHaveLength(300);
      expect(answers.filter((answer) => answer === '200').length).toBeGreaterThan(10);
      expect(answers.filter((answer) => answer === 'failed').length).toBeGreaterThan(10);
      expect(new Set(answers)).toEqual(new Set(['200', 'failed']));
      expect(result.stderr).toMatch(
        /proxaudit: recording failed: the journal .* cannot be written: no space is left/,
      );
      expect(result.stderr).toContain('-o FILE');
      expect(result.stderr).not.toMatch(/^\s+at /m);

      const told = readFileSync(journal, 'utf8');
      const reached = origin.log.slice(before).map(({ path }) => `origin.test${path}`);
      expect(reached.filter((address) => !told.includes(`${address}"`))).toEqual([]);
      const report = await user.proxaudit(['report', '--report=json', journal]);
      expect(report.stdout.toString(), report.stderr).toContain('"truncated"');
      expect(readFileSync(atEnd, 'utf8')).toBe(report.stdout.toString());
    },
  );

  it('from the start keeps the command from being run', async () => {
    const { user } = scene();
    const result = await user.proxaudit(['-o', '/dev/full', '--', 'echo', 'ran']);
    expect([result.code, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toMatch(/^proxaudit: the journal \/dev\/full cannot be written: no space is left/);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(user.trustDirectories()).toEqual([]);
  });

  it('for temporary files keeps the command from being run', async () => {
    const { user } = scene();
    const words = [process.execPath, executable, '--', 'echo', 'ran'].map((word) => `'${word}'`).join(' ');
    const result = await runCommand(['bash', '-c', `ulimit -f 8; ${words}`], { env: user.env });
    expect([result.code, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toMatch(
      /^proxaudit: temporary files cannot be written: it would be larger than this/,
    );
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(user.trustDirectories()).toEqual([]);
  });

  it('for a report does not hide the command’s status', async () => {
    const { user } = scene();
    for (const [status, expected] of [
      [0, 125],
      [3, 3],
    ] as const) {
      const result = await user.proxaudit(['--report=json=/dev/full', '-c', `exit ${status}`]);
      expect(result.code).toBe(expected);
      expect(result.stderr).toMatch(
        /exit \d.*\nproxaudit: the report \/dev\/full cannot be written: no space is left/s,
      );
    }
  });
});
