import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createMainCommand } from '../../src/cli/commands.ts';

const readme = readFileSync('README.md', 'utf8');

it('the README shows the summary as it is drawn', () => {
  expect(readme).toContain(readFileSync('reports/samples/npm.summary.txt', 'utf8'));
});

it('the README names every option', () => {
  const missing = createMainCommand()
    .options.map(({ long }) => long)
    .filter((long) => long !== null && long !== undefined && !['--version', '--quiet'].includes(long))
    .filter((long) => !readme.includes(String(long)));
  expect(missing).toEqual([]);
});
