import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { NEEDS_SCHEMAS } from '../helpers/official-schemas.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

/** What runs before anything is built is no TypeScript. */
const load = (name: string): Promise<unknown> => import(new URL(name, import.meta.url).href);
const { readResults } = (await load('./results.mjs')) as { readResults: (file: string) => unknown[] };
const { complaintsAbout } = (await load('./complaints.mjs')) as {
  complaintsAbout: (tests: readonly unknown[]) => string[];
};
const workspace = createWorkspace('complaints');
afterAll(() => {
  workspace.remove();
});

type Written = readonly [status: 'passed' | 'failed' | 'skipped' | 'retried', ...titles: string[]];

/** What CI says of a result file as the runner writes it. */
function judge(...tests: Written[]): string[] {
  const assertionResults = tests.map(([status, ...ancestorTitles]) => {
    const title = ancestorTitles.pop() ?? '';
    // The runner calls a test that passed at its second attempt passed, and keeps the first attempt's error.
    if (status === 'retried')
      return { ancestorTitles, title, status: 'passed', failureMessages: ['Error: expected 1 to be 2'] };
    return { ancestorTitles, title, status, failureMessages: [] };
  });
  const testResults = [{ name: '/x/test/a.test.ts', status: 'passed', message: '', assertionResults }];
  const file = join(workspace.directory, 'results.json');
  writeFileSync(file, JSON.stringify({ testResults }));
  return complaintsAbout(readResults(file));
}

it('has nothing to say where tests passed, or say why they were skipped', () => {
  expect(judge(['passed', 'a'], ['skipped', 'of maven', 'works (mvn is not installed)'])).toEqual([]);
  expect(judge(['passed', `is valid ${NEEDS_SCHEMAS}`, 'sarif'])).toEqual([]);
});

it('does not let the official schemas be skipped', () => {
  const complaint = 'check the reports by the official schemas in ../shared/schemas';
  expect(judge(['passed', 'a'], ['skipped', `is valid ${NEEDS_SCHEMAS}`, 'sarif'])).toEqual([complaint]);
  expect(judge(['skipped', `is valid by the official schema ${NEEDS_SCHEMAS}`])).toEqual([complaint]);
});

it('does not let a test be skipped without a reason, nor take no tests for a pass', () => {
  expect(judge(['passed', 'a'], ['skipped', 'b'])).toEqual([
    'say why a test is skipped, in parentheses at the end of its title',
  ]);
  expect(judge()).toEqual(['read the results of the tests']);
});

it('takes no test that failed before it passed for a pass', () => {
  expect(judge(['passed', 'a'], ['retried', 'b'])).toEqual([
    'mend the tests that passed only when they were tried again',
  ]);
});
