// `npm run clients [-- --check]`: writes the README's table of clients from what the tests noted when they had run a
// client and seen its every request. With --check it writes nothing and fails when the table claims a client that was
// neither seen by these tests nor skipped by them for a given reason.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSection, writeSection } from './marked-section.mjs';
import { readResults } from './results.mjs';

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    readme: { type: 'string', default: 'README.md' },
    /** Where the tests leave their notes and results. */
    from: { type: 'string', default: '.vitest-results' },
  },
});
const section = 'clients';
const columns = [
  { title: 'test registry, http', tier: 'hermetic', scheme: 'http' },
  { title: 'test registry, https', tier: 'hermetic', scheme: 'https' },
  { title: 'its real registry', tier: 'real', scheme: 'as configured' },
];
/** Clients whose name in the tests is not their command line. */
const titles = {
  'apt-get-download': 'apt-get download',
  'curl-http1': 'curl --http1.1',
  'go-http': 'Go net/http',
  'go-mod-download': 'go mod download',
  java: 'Java HttpClient',
  'mvn-dependency-get': 'mvn dependency:get',
  'node-fetch': 'Node fetch',
  'node-http': 'Node http and https',
  'node-require': 'Node http and https, CommonJS',
  'python-requests': 'Python requests',
  'python-urllib': 'Python urllib',
};
const titleOf = (client) => titles[client] ?? client.replace('-', ' ');
const keyOf = (title, { tier, scheme }) => `${title} | ${tier} | ${scheme}`;

/** From client and column to the requests seen. */
const seen = new Map(
  readNotes().map((note) => [keyOf(titleOf(note.client.replace(/-real$/, '')), note), note.requests]),
);
const skipped = readSkipped();

if (values.check) check();
else await writeSection(values.readme, section, formatTable());

function readNotes() {
  const directory = join(values.from, 'clients');
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
}

/** From client and column to the reason why it was skipped. */
function readSkipped() {
  const file = join(values.from, 'results.json');
  const tests = existsSync(file) ? readResults(file) : [];
  const entries = tests
    .filter(({ path, reason }) => path.includes('/integration/') && reason !== undefined)
    .map(({ titles: [title = ''], reason }) => ({ client: title.replaceAll("'", ''), reason }))
    .flatMap(({ client, reason }) =>
      columns
        .filter(({ tier }) => (tier === 'real') === client.endsWith('-real'))
        .map((column) => [keyOf(titleOf(client.replace(/-real$/, '')), column), reason]),
    );
  return new Map(entries);
}

function formatTable() {
  const clients = [...new Set([...seen.keys()].map((key) => key.split(' | ')[0]))].sort((a, b) =>
    a.localeCompare(b, 'en'),
  );
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const cell = (client, column) => {
    const key = keyOf(client, column);
    if (seen.has(key)) return seen.get(key);
    return skipped.has(key) ? 'not tried here' : '–';
  };
  return [
    'Requests of one run, every one of them in the journal (–: not part of the tests):\n',
    row(['client', ...columns.map(({ title }) => title)]),
    row(['---', '---:', '---:', '---:']),
    ...clients.map((client) => row([client, ...columns.map((column) => cell(client, column))])),
  ].join('\n');
}

function check() {
  const claims = readSection(values.readme, section)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, client, ...cells]) =>
      columns.filter((_, index) => /^\d/.test(cells[index] ?? '')).map((column) => keyOf(client, column)),
    );
  for (const claim of claims.filter((key) => !seen.has(key) && skipped.has(key)))
    console.log(`not tried here: ${claim}: ${skipped.get(claim)}`);
  const untrue = claims.filter((key) => !seen.has(key) && !skipped.has(key));
  for (const claim of untrue) console.log(`${values.readme} claims what was not seen: ${claim}`);
  if (claims.length === 0) console.log(`${values.readme} claims no client: run npm run clients`);
  process.exitCode = untrue.length === 0 && claims.length > 0 ? 0 : 1;
}
