import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from '../../src/run/journal-writer.ts';
import { findLastRun } from '../../src/run/known-runs.ts';
import { createRunDirectory, type RunDirectory } from '../../src/run/run-directory.ts';
import { runStarted } from './sample-facts.ts';

let home: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'proxaudit-home-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 21, 1, 0, second, 7));
const create = (second: number, output?: string): RunDirectory =>
  createRunDirectory({ environment: { HOME: home }, output, now: at(second) });
const modeOf = (path: string): number => statSync(path).mode & 0o777;

const runsIn = (directory: string): string => join(directory, '.local/state/proxaudit/runs');

function record(run: RunDirectory): void {
  const journal = openJournal(run.target);
  journal.record(runStarted);
  journal.close();
}

it('makes a directory for its owner only, whose name sorts by time', () => {
  const run = create(3);
  expect(run.runId).toMatch(/^20261121T010003Z-007[0-9a-f]{3}$/);
  expect(run.directory).toBe(join(home, '.local/state/proxaudit/runs', run.runId));
  expect(run.journalFile).toBe(join(run.directory ?? '', 'journal.jsonl'));
  record(run);
  expect(modeOf(run.directory ?? '')).toBe(0o700);
  expect(modeOf(join(home, '.local/state/proxaudit'))).toBe(0o700);
  expect(modeOf(run.journalFile ?? '')).toBe(0o600);
  expect(() => openJournal(run.target)).toThrowError(/it is there already$/);
});

it('takes XDG_STATE_HOME if it is absolute', () => {
  const state = join(home, 'state');
  const runsWith = (XDG_STATE_HOME: string): string =>
    dirname(createRunDirectory({ environment: { HOME: home, XDG_STATE_HOME } }).directory ?? '');
  expect(runsWith(state)).toBe(join(state, 'proxaudit/runs'));
  expect(runsWith('state')).toBe(runsIn(home));
  expect(runsWith('')).toBe(runsIn(home));
});

it('keeps the newest 50 finished runs, and what is no run', () => {
  const runs = runsIn(home);
  for (let second = 0; second < 58; second++) {
    const run = create(second);
    record(run);
    if (second === 0) mkdirSync(join(runs, 'keep-me'));
    run.finish();
  }
  const left = readdirSync(runs).sort();
  expect(left).toHaveLength(51);
  expect(left[0]).toMatch(/^20261121T010008Z/);
  expect(left.at(-1)).toBe('keep-me');
});

it('never removes a run whose process is alive, but one that only seems to be', async () => {
  const runs = runsIn(home);
  const sleeper = spawn('sleep', ['600'], { stdio: 'ignore' });
  children.push(sleeper);
  await once(sleeper, 'spawn');
  const stat = readFileSync(`/proc/${sleeper.pid ?? 0}/stat`, 'utf8');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  const locks = [`${sleeper.pid ?? 0} ${startTime}\n`, `${sleeper.pid ?? 0} 12345\n`, 'garbage', ''];
  const old = locks.map((lock, second) => {
    const directory = join(runs, `20261120T01000${second}Z-007abc`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'pid'), lock);
    return directory;
  });
  for (let second = 0; second < 50; second++) create(second).finish();
  expect(old.map((directory) => existsSync(directory))).toEqual([true, false, false, false]);
});

it('finds the last finished run, wherever its journal is', () => {
  const environment = { HOME: home };
  expect(findLastRun(environment)).toBeUndefined();
  const first = create(1);
  expect(findLastRun(environment)).toEqual({
    runId: first.runId,
    directory: first.directory,
    journalFile: first.journalFile,
    isLive: true,
    passedOver: 0,
  });
  first.finish();
  const elsewhere = join(home, 'audit of mine.jsonl');
  const second = create(2, elsewhere);
  expect(second.target).toEqual({ file: elsewhere, exclusive: false });
  expect(findLastRun(environment)?.runId).toBe(first.runId);
  second.finish();
  expect(findLastRun(environment)).toMatchObject({
    runId: second.runId,
    journalFile: elsewhere,
    isLive: false,
  });
  create(3);
  expect(findLastRun(environment)?.runId).toBe(second.runId);
});

it('needs no directory for standard error', () => {
  const run = create(1, '-');
  expect(run).toMatchObject({ directory: null, journalFile: null, target: { fd: 2 } });
  run.finish();
  expect(existsSync(join(home, '.local'))).toBe(false);
});

it('says how to mend a home that cannot be written to, and does without where it can', () => {
  writeFileSync(join(home, '.local'), 'in the way');
  expect(() => create(1)).toThrowError(
    expect.objectContaining({
      name: 'AuditError',
      code: 'cannot-start',
      hint: expect.stringContaining('-o FILE'),
    }) as Error,
  );
  const run = create(1, join(home, 'journal.jsonl'));
  expect(run.directory).toBeNull();
  record(run);
  run.finish();
  expect(existsSync(join(home, 'journal.jsonl'))).toBe(true);
});

it('tightens a directory that others could write to', () => {
  const runs = runsIn(home);
  mkdirSync(runs, { recursive: true });
  chmodSync(runs, 0o777);
  create(1);
  expect(modeOf(runs)).toBe(0o700);
});
