import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal } from '../../src/run/journal-writer.ts';
import { exchange, runFinished, runStarted } from './sample-facts.ts';

/** The checker shares no code and no language with what it checks. */
function check(file: string): { status: number | null; output: string } {
  const { status, stdout } = spawnSync('python3', ['test/fixtures/check-journal.py', file], {
    encoding: 'utf8',
  });
  return { status, output: stdout };
}
const fixture = (name: string): string => `test/fixtures/journals/${name}.jsonl`;

it('accepts the golden journal and names its head', () => {
  const last = readFileSync(fixture('golden'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
  const { status, output } = check(fixture('golden'));
  expect(status).toBe(0);
  expect(output).toContain('exchange-completed 1\n');
  expect(output).toContain(`head ${(JSON.parse(last) as { head: string }).head}\n`);
});

it('accepts what we write, whatever is in it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'proxaudit-check-'));
  try {
    const file = join(directory, 'journal.jsonl');
    const journal = openJournal({ file });
    journal.record({
      ...runStarted,
      command: ['sh', '-c', 'é\n"\\\u0000\u001b\ud800 🎉\u2028'],
      cwd: '"\\\u0001\ud800',
    });
    for (let index = 0; index < 50; index++) for (const fact of exchange(`x${index}`)) journal.record(fact);
    journal.record(runFinished);
    const { status, output } = check(file);
    expect(output).toContain('exchange-started 50\n');
    expect(status).toBe(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it.each(['tampered', 'truncated'])('refuses a %s journal', (name) => {
  const { status, output } = check(fixture(name));
  expect(status).toBe(1);
  expect(output).toContain('problem: ');
});
