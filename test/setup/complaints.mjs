/**
 * Why a run of the tests is no pass although none of them failed; empty when it is one.
 *
 * @param {{ titles: string[], status: string, reason?: string, messages: string[] }[]} tests as `readResults` gives them
 * @returns {string[]}
 */
export function complaintsAbout(tests) {
  if (tests.length === 0) return ['read the results of the tests'];
  const skipped = tests.filter(({ status }) => status === 'skipped');
  const complaints = [];
  if (skipped.some(({ reason }) => reason === undefined))
    complaints.push('say why a test is skipped, in parentheses at the end of its title');
  // The official schemas lie beside the repository: a report format that was not held against its own is not checked.
  if (skipped.some(({ titles }) => titles.join(' ').includes('../shared/schemas')))
    complaints.push('check the reports by the official schemas in ../shared/schemas');
  // A second attempt only tells a test that fails at times from one that always does: both are faults.
  if (tests.some(({ status, messages }) => status === 'passed' && messages.length > 0))
    complaints.push('mend the tests that passed only when they were tried again');
  return complaints;
}
