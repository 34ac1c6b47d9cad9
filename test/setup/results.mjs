import { readFileSync } from 'node:fs';

/**
 * The tests of the runner's own result file (vitest's reporter `json`). A skipped test carries the reason in
 * parentheses at the end of its title, or of a title above it. `messages` are the errors of all attempts: a passed
 * test with some passed only when it was tried again.
 *
 * @param {string} file
 * @returns {{ path: string, titles: string[], status: 'passed' | 'failed' | 'skipped', reason?: string, messages: string[] }[]}
 */
export function readResults(file) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  return testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    // A file that could not be loaded has no tests to fail.
    if (assertionResults.length === 0 && status === 'failed')
      return [{ path, titles: [message], status, messages: [] }];
    return assertionResults.map((test) => ({ path, ...describe(test) }));
  });
}

function describe({ ancestorTitles, title, status, failureMessages }) {
  const titles = [...ancestorTitles, title];
  const messages = failureMessages ?? [];
  if (status === 'passed' || status === 'failed') return { titles, status, messages };
  const reasons = titles.map((text) => /\((.+)\)$/s.exec(text)?.[1]);
  return { titles, status: 'skipped', reason: reasons.findLast((reason) => reason !== undefined), messages };
}
