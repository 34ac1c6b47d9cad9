import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { optionTable } from '../../src/cli/option-table.ts';
import { keyOf } from '../../src/cli/options.ts';
import { readConfiguration } from '../../src/cli/read-configuration.ts';

const readme = readFileSync('README.md', 'utf8');

it('the README shows the summary as it is drawn', () => {
  expect(readme).toContain(readFileSync('reports/samples/npm.summary.txt', 'utf8'));
});

it('the README’s table of options has every one', () => {
  const table = readme.slice(readme.indexOf('| option'), readme.indexOf('Each option has a variable'));
  const named = table.split('\n').flatMap((row) => row.split(' | ')[0]?.match(/--[a-z][a-z-]+/g) ?? []);
  expect([...named, '--quiet'].sort()).toEqual(optionTable.map((spec) => `--${keyOf(spec)}`).sort());
});

it('the README’s configuration file is one', () => {
  const [, text = ''] = /```yaml\n([^`]*)```/.exec(readme) ?? [];
  const directory = mkdtempSync(join(tmpdir(), 'proxaudit-test-readme-'));
  const path = join(directory, 'proxaudit.yaml');
  writeFileSync(path, text);
  const { settings } = readConfiguration({ path, isFound: false }, {});
  rmSync(directory, { recursive: true });
  expect(settings.map(({ key }) => key)).toEqual(['upstream-ca', 'passthrough', 'include-local']);
});
