import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { expectKind } from '../../src/audit/file-kind.ts';
import { formatLock } from '../../src/audit/baselines.ts';
import { AuditError } from '../../src/support/errors.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('file-kind');
afterAll(() => {
  workspace.remove();
});

const golden = 'test/fixtures/journals/golden.jsonl';
const samples = readdirSync('reports/samples').map((name) => join('reports/samples', name));

function write(name: string, content: string | Buffer): string {
  const file = join(workspace.directory, name);
  writeFileSync(file, content);
  return file;
}

/** What is said of it, and its hint; undefined where it may pass. */
function refusal(...[file, expected]: Parameters<typeof expectKind>): readonly (string | undefined)[] {
  try {
    expectKind(file, expected, 'X');
    return [];
  } catch (error) {
    return error instanceof AuditError ? [error.message, error.hint] : ['no AuditError'];
  }
}

it.each(samples)('%s is known as a report, whatever is expected', (sample) => {
  expect(refusal(sample, 'journal')).toEqual([
    'X is a report; expected a journal',
    expect.stringContaining('made from its journal'),
  ]);
  expect(refusal(sample, 'lock file')[0]).toBe('X is a report; expected a lock file');
  expect(refusal(sample, 'journal or lock file')[0]).toBe('X is a report; expected a journal or lock file');
});

it('a report is known also where it was made compact', () => {
  for (const sample of samples.filter((name) => /json$|sarif$/.test(name))) {
    const compact = write('compact.json', JSON.stringify(JSON.parse(readFileSync(sample, 'utf8'))));
    expect(refusal(compact, 'journal')[0], sample).toBe('X is a report; expected a journal');
  }
});

it('a journal passes where one is expected', () => {
  expect(refusal(golden, 'journal')).toEqual([]);
  expect(refusal(golden, 'journal or lock file')).toEqual([]);
  expect(refusal(golden, 'lock file')).toEqual([
    'X is a journal; expected a lock file',
    'To make a lock file of it: proxaudit lock -o FILE X',
  ]);
});

it('a lock file passes where one is expected, also without its comments, or a version that is not known', () => {
  const text = formatLock({ hosts: ['origin.test'], artifacts: [] });
  for (const content of [text, text.replace(/^#.*\n/gm, ''), text.replaceAll('\n', '\r\n'), 'version 2\n']) {
    const file = write('proxaudit.lock', content);
    expect(refusal(file, 'lock file')).toEqual([]);
    expect(refusal(file, 'journal or lock file')).toEqual([]);
    expect(refusal(file, 'journal')).toEqual([
      'X is a lock file; expected a journal',
      'To check the last run against it: proxaudit lock --check -o X',
    ]);
  }
});

it('what is compressed is told how to be given', () => {
  expect(refusal(write('journal.jsonl.gz', gzipSync(readFileSync(golden))), 'journal')).toEqual([
    'X is a compressed file; expected a journal',
    'Decompress it, as in: gzip -dc X | proxaudit report -',
  ]);
});

it('a directory is told where its journals are', () => {
  const directory = join(workspace.directory, 'shards');
  mkdirSync(directory);
  const said = 'X is a directory; expected a journal';
  expect(refusal(directory, 'journal')).toEqual([
    said,
    'Name the journals in it, as in: proxaudit report X/*.jsonl',
  ]);
  writeFileSync(join(directory, 'journal.jsonl'), '');
  expect(refusal(directory, 'journal')).toEqual([said, 'Its journal is X/journal.jsonl']);
});

it.each(['package.json', 'README.md', 'missing', '/dev/null', '/dev/zero'])(
  '%s is left to its reader',
  (file) => {
    expect(refusal(file, 'journal')).toEqual([]);
    expect(refusal(file, 'lock file')).toEqual([]);
  },
);
