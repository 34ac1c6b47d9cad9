// `npm run verify`: installs what the tests run, checks, builds, tests, and compares the README with what was seen.
// Every step runs, whatever became of those before it; the last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { complaintsAbout } from './complaints.mjs';
import { readResults } from './results.mjs';

const results = '.vitest-results/results.json';
const steps = [
  ['install what the tests run', 'bash', 'test/setup/install.sh'],
  ['check', 'npm', 'run', 'check'],
  ['build', 'npm', 'run', 'build'],
  ['test', 'npm', 'test'],
  ['check the table of clients', process.execPath, 'test/setup/client-table.mjs', '--check'],
];

rmSync('.vitest-results', { recursive: true, force: true });
const failed = steps.filter((step) => !succeeds(step)).map(([title]) => title);

const tests = existsSync(results) ? readResults(results) : [];
const withStatus = (wanted) => tests.filter(({ status }) => status === wanted);
for (const test of withStatus('skipped')) console.log(`skipped: ${nameOf(test)}`);
for (const test of withStatus('passed').filter(({ messages }) => messages.length > 0))
  console.log(`passed only when tried again: ${nameOf(test)}${shorten(test.messages[0])}`);
for (const test of withStatus('failed'))
  console.log(`failed: ${nameOf(test)}${test.messages.map(shorten).join('')}`);
failed.push(...complaintsAbout(tests));
for (const title of failed) console.log(`FAILED: ${title}`);
const counts = ['passed', 'failed', 'skipped'].map((status) => `${withStatus(status).length} ${status}`);
console.log(counts.join(', '));
process.exitCode = failed.length === 0 && withStatus('failed').length === 0 ? 0 : 1;

/** The beginning of an error, indented, without colours. */
function shorten(message) {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, 6);
  return lines.map((line) => `\n    ${line.slice(0, 300)}`).join('');
}

function nameOf({ path, titles }) {
  return [relative('', path), ...titles].join(' > ');
}

function succeeds([title, command, ...args]) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  // CI makes the test runner write its result file and no snapshots.
  const env = { ...process.env, CI: 'true' };
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  if (error !== undefined) console.log(String(error));
  console.log(
    `-- ${status === 0 ? 'done' : 'FAILED'} after ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  return status === 0;
}
