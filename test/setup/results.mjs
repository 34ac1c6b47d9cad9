import { readFileSync } from 'node:fs';

/**
 * The tests of the runner's own result file (vitest's reporter `json`). A skipped test carries the reason in
 * parentheses at the end of its title, or of a title above it.
 *
 * @param {string} file
 * @returns {{ path: string, titles: string[], status: 'passed' | 'failed' | 'skipped', reason?: string }[]}
 */
export function readResults(file) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  return testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    // A file that could not be loaded has no tests to fail.
    if (assertionResults.length === 0 && status === 'failed') return [{ path, titles: [message], status }];
    return assertionResults.map((test) => ({ path, ...describe(test) }));
  });
}

function describe({ ancestorTitles, title, status }) {
  const titles = [...ancestorTitles, title];
  if (status === 'passed' || status === 'failed') return { titles, status };
  const reasons = titles.map((text) => /\((.+)\)$/s.exec(text)?.[1]);
  return { titles, status: 'skipped', reason: reasons.findLast((reason) => reason !== undefined) };
}
