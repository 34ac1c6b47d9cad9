import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseForeignFiles } from '../../src/cli/confined-report.ts';
import {
  parseConfinedRequest,
  parseReportRequest,
  type ReportRequest,
} from '../../src/cli/report-request.ts';
import { writeReports } from '../../src/cli/write-reports.ts';
import { joinChunks, renderers } from '../../reports/index.ts';
import { emptyRun } from '../reports/read-fixture.ts';

const before = process.cwd();
let directory = '';

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'proxaudit-confined-')));
  mkdirSync(join(directory, 'work'));
  mkdirSync(join(directory, 'elsewhere'));
  process.chdir(join(directory, 'work'));
});
afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true, force: true });
});

const old = { ...emptyRun, counts: { ...emptyRun.counts, exchanges: 7 } };
const report = (format: ReportRequest['format'], run = emptyRun) => joinChunks(renderers[format].render(run));
const write = (...requests: ReportRequest[]) =>
  writeReports(requests, emptyRun, { stdout: false, directory: null });
const confined = parseConfinedRequest('json=out.json');

/** What may stand where a report is to be written. */
const foreign: readonly [name: string, make: () => void, said: RegExp][] = [
  ['a package.json', () => { writeFileSync('out.json', '{ "name": "x" }\n'); }, /is no report of proxaudit/],
  ['an empty file', () => { writeFileSync('out.json', ''); }, /is no report of proxaudit/],
  ['a link to a report', () => { writeFileSync('../elsewhere/r', report('json')); symlinkSync('../elsewhere/r', 'out.json'); }, /a symbolic link is there/],
  ['a link to nothing', () => { symlinkSync('../elsewhere/none', 'out.json'); }, /a symbolic link is there/],
  ['a directory', () => { mkdirSync('out.json'); }, /a directory is there/],
  ['a pipe', () => { spawnSync('mkfifo', ['out.json']); }, /a device or pipe is there/],
  ['a journal', () => { writeFileSync('out.json', '{"v":1,"seq":1,"at":""}\n'); }, /is no report of proxaudit/],
]; // prettier-ignore

describe.each(foreign)('a proxaudit.yaml of the working directory and %s', (_name, make, said) => {
  it('is refused before anything is run, and when it came meanwhile', async () => {
    expect(() => { refuseForeignFiles([confined]); }).not.toThrow(); // prettier-ignore
    make();
    const kind = lstatSync('out.json').mode;
    expect(() => { refuseForeignFiles([confined]); }).toThrow(said); // prettier-ignore
    const { written, failed } = await write(confined);
    expect([written, failed.map(({ message }) => message)]).toEqual([[], [expect.stringMatching(said)]]);
    expect(lstatSync('out.json').mode).toBe(kind);
    expect(readdirSync('.')).toEqual(['out.json']);
    expect(existsSync('../elsewhere/none')).toBe(false);
  });
});

describe('a report of ours', () => {
  it.each(['json', 'markdown', 'sarif', 'slsa'] as const)(
    'as %s is replaced, also by another format',
    async (format) => {
      writeFileSync('out.json', report(format, old));
      refuseForeignFiles([confined]);
      expect((await write(confined)).failed).toEqual([]);
      expect(readFileSync('out.json', 'utf8')).toBe(report('json'));
      expect(readdirSync('.')).toEqual(['out.json']);
    },
  );

  it('keeps what it had where the new one cannot be written', async () => {
    writeFileSync('out.json', report('json', old));
    const broken = { ...emptyRun, runs: [{}] } as unknown as typeof emptyRun;
    const { failed } = await writeReports([{ ...confined, format: 'markdown' }], broken, {
      stdout: false,
      directory: null,
    });
    expect(failed).toHaveLength(1);
    expect(readFileSync('out.json', 'utf8')).toBe(report('json', old));
    expect(readdirSync('.')).toEqual(['out.json']);
  });
});

it('says in its refusal which file it is, and what can be done', () => {
  writeFileSync('out.json', '{}');
  try {
    refuseForeignFiles([confined]);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: 'bad-usage',
      message:
        'proxaudit.yaml: report json=out.json is refused: the file that is there is no report of proxaudit, and is not replaced',
      hint: 'Name another file there, or ask for it yourself, which replaces it: --report json=out.json',
    });
  }
});

it('writes nothing through a directory that became a link', async () => {
  mkdirSync('out');
  const request = parseConfinedRequest('json=out/a.json');
  refuseForeignFiles([request, parseConfinedRequest('json=made/later.json')]);
  renameSync('out', 'old');
  symlinkSync('../elsewhere', 'out');
  expect(() => { refuseForeignFiles([request]); }).toThrow('leads out of the working directory'); // prettier-ignore
  expect((await write(request)).failed[0]?.message).toContain('leads out of the working directory');
  expect(readdirSync('../elsewhere')).toEqual([]);
});

it('without a path and without a run directory is as confined', async () => {
  writeFileSync('report.json', '{"name":"x"}');
  const { failed } = await write(parseConfinedRequest('json'));
  expect(failed.map(({ message }) => message)).toEqual([expect.stringContaining('no report of proxaudit')]);
  expect(readFileSync('report.json', 'utf8')).toBe('{"name":"x"}');
});

it('in the run directory replaces a link, and writes nothing through it', async () => {
  writeFileSync('../elsewhere/file', 'kept');
  symlinkSync('../elsewhere/file', 'report.json');
  const request = parseReportRequest('json');
  const { written } = await writeReports([request], emptyRun, { stdout: false, directory: '.' });
  expect(written).toEqual(['report.json']);
  expect(readFileSync('../elsewhere/file', 'utf8')).toBe('kept');
  expect(lstatSync('report.json').isFile()).toBe(true);
});

it('that a flag names is written whatever is there, through links too', async () => {
  writeFileSync('out.json', '{}');
  writeFileSync('../elsewhere/file', 'old');
  symlinkSync('../elsewhere/file', 'link.json');
  const requests = ['json=out.json', 'json=link.json', 'json=new/a.json'].map(parseReportRequest);
  refuseForeignFiles(requests);
  expect((await write(...requests)).failed).toEqual([]);
  for (const file of ['out.json', '../elsewhere/file', 'new/a.json'])
    expect(readFileSync(file, 'utf8')).toBe(report('json'));
  expect(lstatSync('link.json').isSymbolicLink()).toBe(true);
});
