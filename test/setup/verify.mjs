// `npm run verify`: installs what the tests run, checks, builds, tests, and compares the README with what was seen.
// Every step runs, whatever became of those before it; the last line is `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { complaintsAbout } from './complaints.mjs';
import { readResults } from './results.mjs';

const results = '.vitest-results/results.json';
/** Each with its commands, which run at the same time. */
const steps = [
  ['install what the tests run', 'bash test/setup/install.sh'],
  // The parts of `npm run check`; the first takes as long as all others.
  ['check', 'npm run lint', 'npm run format && npm run types && npm run layers && npm run dead-code'],
  ['build', 'npm run build'],
  ['test', 'npm test'],
  ['check the table of clients', 'node test/setup/client-table.mjs --check'],
];

rmSync('.vitest-results', { recursive: true, force: true });
const failed = [];
for (const step of steps) if (!(await succeeds(step))) failed.push(step[0]);

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

async function succeeds([title, ...commands]) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const ends = await Promise.all(commands.map(run));
  const isDone = ends.every((status) => status === 0);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`-- ${isDone ? 'done' : 'FAILED'} after ${seconds} s`);
  return isDone;
}

function run(command) {
  // CI makes the test runner write its result file and no snapshots.
  const env = { ...process.env, CI: 'true' };
  const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'], env });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.log(String(error));
      resolve(null);
    });
    child.once('exit', resolve);
  });
}
