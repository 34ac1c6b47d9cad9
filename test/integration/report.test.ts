import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, type AuditedUser } from '../helpers/audited-user.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import type { CommandOptions } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('report');
const user = createUser(workspace.directory, 'user');
/** Another machine, as far as a report could tell. */
const other = createUser(workspace.directory, 'somewhere else', {
  TZ: 'Pacific/Kiritimati',
  LANG: 'de_DE.UTF-8',
});
const journal = join(workspace.directory, 'journal.jsonl');
const second = join(workspace.directory, 'second.jsonl');
let origin: Origin;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
  const options = ['-q', '--upstream-ca', authority.file, ...resolveArguments('origin.test', origin)];
  const fetch = [
    'curl',
    '-sS',
    '-o',
    'a',
    'https://origin.test/random/5000/a',
    '-o',
    'b',
    'http://origin.test/missing',
  ];
  await user.proxaudit([...options, '-o', journal, '--', ...fetch]);
  await user.proxaudit([
    ...options,
    '-o',
    second,
    '--',
    'curl',
    '-sS',
    '-o',
    'c',
    'https://origin.test/random/70/c',
  ]);
});

afterAll(async () => {
  await origin.close();
  workspace.remove();
});

async function report(args: readonly string[], options: CommandOptions = {}, who: AuditedUser = user) {
  const { code, stdout, stderr } = await who.proxaudit(['report', ...args], options);
  return { code, stdout: stdout.toString(), stderr };
}

const hostsOf = (json: string) =>
  (JSON.parse(json) as { hosts: { host: string; requests: number; bytesIn: number }[] }).hosts;

describe('proxaudit report', () => {
  it('shows the summary on stdout, from a file, from stdin, and from the last run', async () => {
    const fromFile = await report([journal]);
    expect(fromFile).toMatchObject({ code: 0, stderr: '' });
    expect(fromFile.stdout).toContain('origin.test');
    const input = readFileSync(journal);
    const fromStdin = await report(['-'], { input });
    const withoutPlace = fromFile.stdout.split('\n').filter((line) => !line.includes('journal.jsonl'));
    expect(fromStdin.stdout.split('\n')).toEqual(withoutPlace);
    const piped = await user.proxaudit([], { input });
    expect([piped.code, piped.stdout.toString(), piped.stderr]).toEqual([0, fromStdin.stdout, '']);
    expect((await report([])).stdout).toBe((await report([second])).stdout);
  });

  it('shows the summary beside a report, or not at all, where that is asked for', async () => {
    const shown = (await report([journal])).stdout;
    expect(await report(['-q', journal])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await report(['--summary', 'never', journal])).stdout).toBe('');
    const beside = await report(['--summary', 'always', '--report=json=beside.json', journal]);
    expect(beside.stdout).toBe(shown);
    expect((await report(['--report=json=beside.json', journal])).stdout).toBe('');
    const quiet = await user.proxaudit(['-q'], { input: readFileSync(journal) });
    expect([quiet.code, quiet.stdout.toString()]).toEqual([0, '']);
    const env = { ...user.env, PROXAUDIT_QUIET: '1', PROXAUDIT_SUMMARY: 'never' };
    expect((await report([journal], { env })).stdout).toBe(shown);
  });

  it('takes a run by the beginning of its id', async () => {
    const runId = user.runIds().at(-1) ?? 'none';
    const { code, stdout } = await report([runId.slice(0, -1)]);
    expect([code, stdout]).toEqual([0, (await report([second])).stdout]);
  });

  it('does not write over the journal that it reads', async () => {
    const before = readFileSync(second);
    const { code, stderr } = await report([`--report=json=${second}`, second]);
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      `proxaudit: ${second} is a journal, and is not overwritten`,
    ]);
    expect(readFileSync(second)).toEqual(before);
  });

  it.each(['json', 'markdown'])('writes %s to stdout, or to a file', async (format) => {
    const shown = await report(['--report', format, journal]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout.endsWith('\n')).toBe(true);
    expect((await report([`--report=${format}=-`, journal])).stdout).toBe(shown.stdout);
    const file = join(workspace.directory, `report.${format}`);
    const written = await report([`--report=${format}=${file}`, journal]);
    expect([written.stdout, readFileSync(file, 'utf8')]).toEqual(['', shown.stdout]);
    const piped = await user.proxaudit(['--report', format], { input: readFileSync(journal) });
    expect(piped.stdout.toString()).toBe(shown.stdout);
  });

  it.each(['json', 'markdown'])(
    'writes the same %s on another machine, and at the end of the run',
    async (format) => {
      const here = await report(['--report', format, journal]);
      const copied = join(other.directory, 'copied');
      writeFileSync(copied, readFileSync(journal));
      expect(await report(['--report', format, 'copied'], {}, other)).toEqual(here);
      const atEnd = join(workspace.directory, `at-end.${format}`);
      const own = join(workspace.directory, 'own.jsonl');
      await user.proxaudit(['-q', '-o', own, `--report=${format}=${atEnd}`, '--', 'true']);
      expect(readFileSync(atEnd, 'utf8')).toBe((await report(['--report', format, own])).stdout);
    },
  );

  it('merges several journals', async () => {
    const one = hostsOf((await report(['--report', 'json', journal])).stdout);
    const two = hostsOf((await report(['--report', 'json', second])).stdout);
    const both = hostsOf((await report(['--report', 'json', journal, second])).stdout);
    const sum = (list: typeof one, member: 'requests' | 'bytesIn') =>
      list.reduce((total, host) => total + host[member], 0);
    expect(sum(both, 'requests')).toBe(sum(one, 'requests') + sum(two, 'requests'));
    expect(sum(both, 'bytesIn')).toBe(sum(one, 'bytesIn') + sum(two, 'bytesIn'));
    const shown = await report(['-', second], { input: readFileSync(journal) });
    expect(shown.stdout).toContain('2 runs');
  });
});

describe('a journal that is not whole', () => {
  const lines = (): string[] => readFileSync(journal, 'utf8').trimEnd().split('\n');
  const damaged = join(workspace.directory, 'damaged.jsonl');

  it.each<[title: string, damage: (all: string[]) => string, verdict: string, said: RegExp]>([
    [
      'edited',
      (all) => `${all.join('\n').replace('/random/5000/a', '/random/5000/b')}\n`,
      'tampered',
      /changed/i,
    ],
    ['without a line', (all) => `${all.toSpliced(2, 1).join('\n')}\n`, 'tampered', /changed/i],
    [
      'with lines exchanged',
      (all) =>
        `${all
          .with(2, all[3] ?? '')
          .with(3, all[2] ?? '')
          .join('\n')}\n`,
      'tampered',
      /changed/i,
    ],
    ['with a line more', (all) => `${[...all, all[3]].join('\n')}\n`, 'tampered', /changed/i],
    ['cut after a line', (all) => `${all.slice(0, -2).join('\n')}\n`, 'truncated', /cut short/i],
    ['cut within a line', (all) => all.join('\n').slice(0, -40), 'truncated', /cut short/i],
  ])('%s is reported on, and called so', async (_, damage, verdict, said) => {
    writeFileSync(damaged, damage(lines()));
    const shown = await report([damaged]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(said);
    expect(shown.stdout).toContain('origin.test');
    const { runs } = JSON.parse((await report(['--report=json', damaged])).stdout) as {
      runs: { integrity: { verdict: string } }[];
    };
    expect(runs[0]?.integrity.verdict).toBe(verdict);
    expect((await report(['--report=markdown', damaged])).stdout).toMatch(said);
  });
});

describe('bad input ends with 2 and one clear message', () => {
  it.each<[args: string[], input: string | undefined, said: RegExp]>([
    [
      ['missing.jsonl'],
      undefined,
      /^proxaudit: there is no file 'missing\.jsonl', and no run whose id begins so\n/,
    ],
    [[resolve('test/integration')], undefined, /is a directory; expected a journal\n/],
    [[resolve('reports/samples/npm.md')], undefined, /npm\.md is a report; expected a journal\n/],
    [
      ['--report=json=x.out', '--report=markdown=./x.out'],
      undefined,
      /^proxaudit: --report json=x\.out and --report markdown=\.\/x\.out name one file\n/,
    ],
    [[resolve('package.json')], undefined, /package\.json is not a journal: line 1 is/],
    [['-'], '', /^proxaudit: stdin is not a journal/],
    [['-'], '{"v":2,"seq":1,"type":"run-started","prev":""}\n', /version 2, expected version 1/],
    [['--report', 'jsn'], undefined, /FORMAT one of .*json, .*markdown/],
    [['--output', 'x'], undefined, /^proxaudit: unknown option '--output'/],
    [
      ['--report=json=/dev/null/x', journal],
      undefined,
      /the report \/dev\/null\/x cannot be written: part of the path is no directory/,
    ],
  ])('%j', async (args, input, said) => {
    const { code, stdout, stderr } = await report(args, input === undefined ? {} : { input });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('without any run', async () => {
    const { code, stderr } = await report([], {}, createUser(workspace.directory, 'newcomer'));
    expect(code).toBe(2);
    expect(stderr).toContain('there is no run to report on yet');
  });

  it('for what is piped and is no whole journal', async () => {
    const { code, stderr } = await user.proxaudit([], {
      input: '{"v":7,"seq":1,"type":"run-started","prev":""}\n',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('version 7, expected version 1');
  });

  it('a stdout that is full, but not one that nobody reads any more', async () => {
    const words = [process.execPath, resolve('bin/proxaudit.js'), 'report', journal].map(
      (word) => `'${word}'`,
    );
    const line = `${words.join(' ')} >/dev/full; echo $?; ${words.join(' ')} | true; echo \${PIPESTATUS[0]}`;
    const { stdout, stderr } = await user.proxaudit(['-q', '--', 'bash', '-c', line]);
    expect(stdout.toString()).toBe('2\n0\n');
    expect(stderr).toMatch(/^proxaudit: the output cannot be written: no space is left on the device\n/);
  });
});
