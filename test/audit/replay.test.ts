import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { replay } from '../../src/audit/replay.ts';
import { createRunDirectory } from '../../src/run/index.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('replay');
const golden = resolve('test/fixtures/journals/golden.jsonl');
const npm = resolve('test/fixtures/journals/npm.jsonl');
const noStdin = Readable.from([]);
const env = { HOME: workspace.directory, XDG_STATE_HOME: join(workspace.directory, 'state') };

afterAll(() => {
  workspace.remove();
});

describe('a replay', () => {
  it('of one file names it', async () => {
    const { run, journalFile } = await replay([golden], { env, stdin: noStdin });
    expect(run.runs).toHaveLength(1);
    expect(run.runs[0]?.integrity.verdict).toBe('intact');
    expect(journalFile).toBe(golden);
  });

  it('of stdin is that of the file, and names none', async () => {
    const stdin = Readable.from([readFileSync(golden)]);
    const { run, journalFile } = await replay(['-'], { env, stdin });
    expect(run).toEqual((await replay([golden], { env, stdin: noStdin })).run);
    expect(journalFile).toBeNull();
  });

  it('of several merges them, in their order', async () => {
    const one = (await replay([golden], { env, stdin: noStdin })).run;
    const other = (await replay([npm], { env, stdin: noStdin })).run;
    const { run, journalFile } = await replay([npm, golden], { env, stdin: noStdin });
    expect(run.runs).toEqual([...other.runs, ...one.runs]);
    expect(run.counts.exchanges).toBe(one.counts.exchanges + other.counts.exchanges);
    expect(journalFile).toBeNull();
  });

  it('of one run twice is refused: it would be counted twice', async () => {
    await expect(replay([golden, npm, golden], { env, stdin: noStdin })).rejects.toThrow(
      `${golden} and ${golden} are journals of the same run, `,
    );
  });

  it('without names is of the last run, wherever -o put its journal', async () => {
    await expect(replay([], { env, stdin: noStdin })).rejects.toThrow('there is no run to report on yet');

    const first = createRunDirectory({ environment: env, now: new Date('2026-01-01T00:00:00Z') });
    writeFileSync(first.journalFile ?? '', readFileSync(golden));
    first.finish();
    expect((await replay([], { env, stdin: noStdin })).journalFile).toBe(first.journalFile);

    const elsewhere = join(workspace.directory, 'elsewhere');
    mkdirSync(elsewhere);
    const output = join(elsewhere, 'journal.jsonl');
    const second = createRunDirectory({ environment: env, output, now: new Date('2026-01-02T00:00:00Z') });
    writeFileSync(output, readFileSync(npm));
    second.finish();
    expect((await replay([], { env, stdin: noStdin })).journalFile).toBe(output);
  });

  it('of what is not there, or is no journal, says so', async () => {
    const missing = join(workspace.directory, 'missing.jsonl');
    await expect(replay([missing], { env, stdin: noStdin })).rejects.toThrow(
      `the journal ${missing} cannot be read`,
    );
    const other = join(workspace.directory, 'other.txt');
    writeFileSync(other, 'no journal\n');
    await expect(replay([golden, other], { env, stdin: noStdin })).rejects.toThrow(
      `${other} is not a journal`,
    );
  });
});
