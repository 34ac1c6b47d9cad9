import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('client-table');
const readme = join(workspace.directory, 'README.md');
const noted = join(workspace.directory, 'results');

beforeAll(() => {
  mkdirSync(join(noted, 'clients'), { recursive: true });
  note({ client: 'npm-ci', tier: 'hermetic', scheme: 'http', requests: 12 });
  note({ client: 'npm-ci-real', tier: 'real', scheme: 'as configured', requests: 10 });
  note({ client: 'go-http', tier: 'hermetic', scheme: 'https', requests: 4 });
  const skipped = { title: 'stores the same (mvn is not installed)', status: 'skipped' };
  const assertionResults = [{ ancestorTitles: ["'mvn-validate'"], ...skipped }];
  const testResults = [{ name: '/x/test/integration/a.test.ts', status: 'passed', assertionResults }];
  writeFileSync(join(noted, 'results.json'), JSON.stringify({ testResults }));
});
afterAll(() => {
  workspace.remove();
});

function note(row: { client: string; tier: string; scheme: string; requests: number }): void {
  writeFileSync(join(noted, 'clients', `${row.client}-${row.scheme}.json`), JSON.stringify(row));
}

function run(table: string, ...args: string[]): { status: number | null; stdout: string; rows: string[] } {
  writeFileSync(readme, `# Title\n\n<!-- clients:begin -->\n${table}<!-- clients:end -->\n\nThe end.\n`);
  const argv = ['test/setup/client-table.mjs', '--readme', readme, '--from', noted, ...args];
  const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const rows = readFileSync(readme, 'utf8')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));
  return { status, stdout, rows };
}

it('lists what was seen', () => {
  const { status, rows } = run('old\n');
  expect(status).toBe(0);
  expect(rows).toEqual(
    expect.arrayContaining([
      '# Title',
      '| Go net/http | – | 4 | – |',
      '| npm ci | 12 | – | 10 |',
      'The end.',
    ]),
  );
  expect(rows).not.toContain('old');
});

it('accepts what was seen, and what could not be tried here, aloud', () => {
  expect(run('| npm ci | 15 | – | 9 |\n', '--check')).toMatchObject({ status: 0, stdout: '' });
  const { status, stdout } = run('| mvn validate | 14 | – | – |\n', '--check');
  expect([status, stdout]).toEqual([
    0,
    'not tried here: mvn validate | hermetic | http: mvn is not installed\n',
  ]);
});

it('refuses claims that no test bears out, and a table without any', () => {
  expect(run('| npm ci | 12 | 12 | 10 |\n', '--check').stdout).toContain(
    'not seen: npm ci | hermetic | https',
  );
  expect(run('| npm ci | 12 | 12 | 10 |\n', '--check').status).toBe(1);
  expect(run('| zpm ci | 1 | – | – |\n', '--check').status).toBe(1);
  expect(run('', '--check').status).toBe(1);
});
