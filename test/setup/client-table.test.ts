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
  const npm = { tools: ['npm'], version: '10.8.2' };
  note({ client: 'npm-ci', ...npm, tier: 'hermetic', scheme: 'http', requests: 12 });
  note({ client: 'npm-ci-real', ...npm, tier: 'real', scheme: 'as configured', requests: 10 });
  note({ client: 'go-http', tools: [], version: '1.24', tier: 'hermetic', scheme: 'https', requests: 4 });
  const unseen = 'it ignores them';
  note({ client: 'aiohttp-plain', tools: [], version: '3', tier: 'hermetic', scheme: 'http', unseen });
  const skipped = { title: 'stores the same (mvn is not installed)', status: 'skipped' };
  const assertionResults = [{ ancestorTitles: ["'mvn-validate'"], ...skipped }];
  const testResults = [{ name: '/x/test/integration/a.test.ts', status: 'passed', assertionResults }];
  writeFileSync(join(noted, 'results.json'), JSON.stringify({ testResults }));
});
afterAll(() => {
  workspace.remove();
});

function note(row: { client: string; scheme: string } & Record<string, unknown>): void {
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
      '| Go net/http | 1.24 | seen | – | 4 | – |',
      '| npm ci | 10.8.2 | seen | 12 | – | 10 |',
      '| Python aiohttp, without trust_env | 3 | not seen: it ignores them | not seen | – | – |',
      '| julia | – | not tried here: no registry of the tests has it | – | – | – |',
      '| dotnet restore | – | not tried here: no registry of the tests has its SDK; HttpClient, which it fetches with, is seen | – | – | – |',
      'The end.',
    ]),
  );
  expect(rows).not.toContain('old');
  expect(rows.filter((line) => /^\| (?:npm|generic) \|/.test(line))).toEqual([]);
});

it('accepts what was seen, and what could not be tried here, aloud', () => {
  expect(run('| npm ci | 9 | seen | 15 | – | 9 |\n', '--check')).toMatchObject({ status: 0, stdout: '' });
  const { status, stdout } = run('| mvn validate | 3 | seen | 14 | – | – |\n', '--check');
  expect([status, stdout]).toEqual([
    0,
    'not tried here: mvn validate | hermetic | http: mvn is not installed\n',
  ]);
});

it('refuses claims that no test bears out, and a table without any', () => {
  const claim = '| npm ci | 9 | seen | 12 | 12 | 10 |\n';
  expect(run(claim, '--check').stdout).toContain('not found: npm ci | hermetic | https');
  expect(run(claim, '--check').status).toBe(1);
  expect(run('| zpm ci | 1 | seen | 1 | – | – |\n', '--check').status).toBe(1);
  expect(run('| npm ci | 9 | not seen: x | not seen | – | – |\n', '--check').status).toBe(1);
  const seen = '| Python aiohttp, without trust_env | 3 | seen | 4 | – | – |\n';
  expect(run(seen, '--check').status).toBe(1);
  expect(run('', '--check').status).toBe(1);
});

it('wants every tool of the recipes in the table', () => {
  writeFileSync(join(noted, 'results.json'), JSON.stringify({ testResults: [] }));
  const { status, stdout } = run('| npm ci | 9 | seen | 12 | – | 10 |\n', '--check');
  expect(status).toBe(1);
  expect(stdout).toContain('lacks gcloud');
  expect(stdout).not.toContain('lacks npm');
});
