import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Library from '../../src/library/index.ts';
import type { Run } from '../../src/model/run.ts';
import { readJournal } from '../helpers/audit-run.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('changed-journal');
const inDirectory = (name: string) => join(scene().user.directory, name);

async function run(...args: string[]) {
  const { code, stderr, stdout } = await scene().user.proxaudit(args);
  return { code, stderr, stdout: stdout.toString() };
}

const readRun = (name: string) => JSON.parse(readFileSync(inDirectory(name), 'utf8')) as Run;
const headOf = (summary: string) => /^ {2}head +([0-9a-f]{64})$/m.exec(summary)?.[1] ?? '';
const CURL = 'curl -sS -o x https://origin.test/random/1000/x';

describe('a journal that the command changes', () => {
  it('is 125 before any 120, and the reports are those of what was recorded', async () => {
    const { options } = scene();
    const reports = ['--report=json=r.json', '--report=markdown=r.md', '--report=sarif=r.sarif'];
    const line = `${CURL}; rm -rf "$XDG_STATE_HOME/proxaudit/runs"`;
    const result = await run(...options, ...reports, '--fail-on', 'tampered,any', '-c', line);
    expect(result.code).toBe(125);
    expect(result.stderr).toMatch(
      /^proxaudit: the journal \S+ was changed while the run lasted: it was removed, or moved away\n {2}The summary and/m,
    );
    expect(result.stderr).toContain('!! THE JOURNAL WAS CHANGED while the run lasted');
    expect(result.stderr).toContain('journal.jsonl (not what was recorded)');
    const { runs, hosts, findings } = readRun('r.json');
    expect(runs[0]).toMatchObject({
      head: headOf(result.stderr),
      exit: { kind: 'code', code: 0 },
      integrity: { verdict: 'tampered', isFromRecorder: true },
      completeness: { verdict: 'incomplete' },
    });
    expect(hosts.map(({ host, requests }) => [host, requests])).toEqual([['origin.test', 1]]);
    expect(findings[0]).toMatchObject({
      rule: 'tampered',
      level: 'error',
      message: 'the journal was changed while the run lasted: it was removed, or moved away',
    });
    expect(readFileSync(inDirectory('r.md'), 'utf8')).toContain('was changed while the run lasted');
    expect(readFileSync(inDirectory('r.sarif'), 'utf8')).toContain('"ruleId": "tampered"');
  });

  it('is told also where the command fails, whose status stays, and with -q', async () => {
    const result = await run('-q', '-o', 'own.jsonl', '-c', 'echo x >> own.jsonl; exit 7');
    expect(result.code).toBe(7);
    expect(result.stderr).toMatch(
      /^proxaudit: the journal \S+ was changed while the run lasted: it is not what/,
    );
  });

  it('is told to the user of the library', async () => {
    const library = (await import(resolve('dist/index.js'))) as typeof Library;
    const { env, directory } = scene().user;
    const audited = await library.audit(['rm', 'l.jsonl'], {
      env,
      cwd: directory,
      output: inDirectory('l.jsonl'),
    });
    expect(audited.failure).toMatchObject({ code: 'journal-tampered' });
    expect(audited.run.findings.map(({ rule }) => rule)).toContain('tampered');

    const proxy = await library.start({ env, cwd: directory, output: inDirectory('s.jsonl') });
    expect(proxy.failure()).toBeNull();
    appendFileSync(inDirectory('s.jsonl'), 'x');
    const stopped = await proxy.stop();
    expect(proxy.failure()).toMatchObject({ code: 'journal-tampered' });
    expect(stopped.findings.map(({ rule }) => rule)).toEqual(['tampered']);
    expect(await proxy.stop()).toBe(stopped);
  });

  it('is nobody’s where it is no file of its own', async () => {
    expect((await run('-o', '-', '--', 'sh', '-c', 'echo x >&2')).code).toBe(0);
    const { env, directory } = scene().user;
    const words = [process.execPath, resolve('bin/proxaudit.js')].map((word) => `'${word}'`).join(' ');
    for (const line of [
      `${words} -q -o /dev/stderr -- sh -c 'echo x >&2' 2>err`,
      `${words} -q -o /dev/null -- true`,
    ])
      expect(spawnSync('sh', ['-c', line], { env, cwd: directory, encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
  });
});

describe('proxaudit report --head', () => {
  const forged = () => inDirectory('forged.jsonl');
  let head = '';

  beforeAll(async () => {
    const { stderr } = await run(...scene().options, '-o', 'good.jsonl', '-c', CURL);
    head = headOf(stderr);
    let prev = '0'.repeat(64);
    const lines = readJournal(inDirectory('good.jsonl')).events.map((event) => {
      const own = event.type === 'run-finished' ? { head: prev } : {};
      const line = JSON.stringify({ ...event, prev, ...own }).replaceAll('origin.test', 'friend.test');
      prev = createHash('sha256').update(line).digest('hex');
      return `${line}\n`;
    });
    writeFileSync(forged(), lines.join(''));
  });

  it('tells a journal that was rewritten, which nothing else tells', async () => {
    expect((await run('report', '--fail-on', 'any', '-q', 'forged.jsonl')).code).toBe(0);
    const told = await run('report', '--fail-on', 'tampered', '--head', head, 'forged.jsonl');
    expect([told.code, told.stdout]).toEqual([120, expect.stringContaining('THE JOURNAL WAS CHANGED after')]);
    expect(told.stderr).toMatch(new RegExp(`its head is [0-9a-f]{64}, not ${head}`));
    const good = await run(
      'report',
      '--fail-on',
      'tampered',
      '--head',
      `sha256:${head.toUpperCase()}`,
      'good.jsonl',
    );
    expect([good.code, good.stderr]).toEqual([0, '']);
    const input = readFileSync(forged());
    const piped = await scene().user.proxaudit(['report', '--fail-on=error', '-q', '--head', head, '-'], {
      input,
    });
    expect(piped.code).toBe(120);
  });

  it('says of several journals which it is', async () => {
    const { stderr } = await run('-o', 'second.jsonl', '--verbose', '--', 'true');
    const [{ runId = '' } = {}] = readJournal(inDirectory('second.jsonl')).of('run-started');
    const both = ['--fail-on', 'tampered', 'good.jsonl', 'second.jsonl'];
    const heads = ['--head', headOf(stderr), '--head', head];
    expect((await run('report', '-q', ...heads, ...both)).code).toBe(0);
    const told = await run('report', '--head', head, '--head', 'f'.repeat(64), ...both);
    expect(told.code).toBe(120);
    expect(told.stderr).toContain(`tampered: ${runId}: `);
    expect(told.stderr).not.toContain('more)');
  });

  it.each([
    [
      ['--head', 'abc', 'good.jsonl'],
      /--head <hash>' argument 'abc' is invalid\. Expected the head that the summary/,
    ],
    [
      ['--head', 'f'.repeat(64), 'good.jsonl', 'forged.jsonl'],
      /--head: 1 head for 2 journals; expected one of each/,
    ],
  ])('refuses %j', async (args, said) => {
    const { code, stdout, stderr } = await run('report', ...args);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(said)]);
  });

  it('says of a journal that is gone that it is', async () => {
    const { user } = scene();
    await run('-q', '--', 'true');
    const last = join(user.runs, user.runIds().at(-1) ?? '', 'journal.jsonl');
    expect(existsSync(last)).toBe(true);
    rmSync(last);
    const { code, stderr } = await run('report', '--head', head);
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no such file')]);
  });
});
