import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunLog, type RunLog } from '../../src/audit/run-log.ts';
import { createRedactor } from '../../src/redaction/index.ts';
import { LOG_LEVELS, type LogLevel } from '../../src/support/log.ts';

const SECRET = 'S3cr3tPassw0rdOfSomebody';
const redactor = createRedactor({ secrets: [SECRET] });
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-log-'));
  file = join(directory, 'proxaudit.log');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const open = (level: LogLevel, maxBytes = 1_000_000): RunLog =>
  createRunLog({ level, directory, redactor, maxBytes });
const read = (): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it.each(LOG_LEVELS)('writes what the level %s asks for, and makes no file for less', (level) => {
  const run = open(level);
  const below = LOG_LEVELS.slice(LOG_LEVELS.indexOf(level) + 1);
  for (const name of below) if (name !== 'silent') run.log[name]('too much');
  expect([run.file(), existsSync(file)]).toEqual([null, false]);
  for (const name of LOG_LEVELS) if (name !== 'silent') run.log[name](`said at ${name}`);
  const asked = LOG_LEVELS.slice(1, LOG_LEVELS.indexOf(level) + 1);
  expect(run.file()).toBe(asked.length > 0 ? file : null);
  expect(asked.length > 0 ? read().map(({ level: at, msg }) => [at, msg]) : []).toEqual(
    asked.map((name) => [name, `said at ${name}`]),
  );
  run.close();
});

it('writes lines of JSON for the owner alone, with time and stack, and no secret', () => {
  const run = open('debug');
  const error = new Error(`it was ${SECRET}`);
  run.log.error(`no ${SECRET}`, { error, port: 1, url: `https://me:${SECRET}@h.example/`, left: undefined });
  run.log.debug('forged', { host: 'a.example\n{"level":"error"}' });
  run.close();
  run.log.error('too late');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = read();
  expect(lines).toHaveLength(2);
  expect(Object.keys(lines[0] ?? {})).toEqual(['level', 'time', 'error', 'port', 'url', 'msg']);
  expect(lines[0]).toMatchObject({ level: 'error', port: 1, time: expect.stringMatching(/^\d{4}-.*Z$/) });
  expect(lines[0]?.['error']).toMatch(/^Error: it was REDACTED\n.*run-log\.test/s);
  expect(readFileSync(file, 'utf8')).not.toContain(SECRET);
});

it('stops at its size, and says so', () => {
  const run = open('info', 2_000);
  for (let index = 0; index < 1_000; index += 1) run.log.info('x'.repeat(300));
  run.close();
  expect(statSync(file).size).toBeLessThan(2_200);
  expect(read().at(-1)).toMatchObject({ level: 'warn', msg: 'the log ends here: it has reached 2000 bytes' });
  expect(read().filter(({ level }) => level === 'info').length).toBeGreaterThan(3);
});

it('does nothing without a directory, and is no reason to fail where it cannot be written', () => {
  for (const where of [null, join(directory, 'missing')]) {
    const run = createRunLog({ level: 'trace', directory: where, redactor });
    run.log.error('unheard');
    expect(run.file()).toBe(null);
    run.close();
  }
});
