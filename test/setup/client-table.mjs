// `npm run clients [-- --check]`: writes the README's table of clients from what the tests noted when they had run a
// client, and from the table of recipes, whose tools that no test ran stand in it too. With --check it writes nothing
// and fails when the table claims what was neither found by these tests nor skipped by them for a given reason, or when
// it lacks a tool.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
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
  aiohttp: 'Python aiohttp, with trust_env',
  'aiohttp-plain': 'Python aiohttp, without trust_env',
  'ant-get': "Ant's get",
  'apt-get-download': 'apt-get download',
  'aws-s3api-get-object': 'aws s3api get-object',
  boto3: 'Python boto3',
  'bazel-fetch': 'Bazel',
  'bazel-own-java': 'Bazel, with a Java of its own',
  'bun-fetch': 'fetch of Bun',
  'curl-http1': 'curl --http1.1',
  'deno-fetch': 'fetch of Deno',
  'gcloud-storage-cp': 'gcloud storage cp',
  'dotnet-http-client': '.NET HttpClient',
  'git-lfs-pull': 'git lfs pull',
  'go-http': 'Go net/http',
  'go-mod-download': 'go mod download',
  'gradle-resolve': 'Gradle',
  'global-agent': 'global-agent, with a proxy of the user',
  grpc: 'Python gRPC',
  'hatch-env-create': 'hatch env create',
  'hg-unbundle': 'hg unbundle',
  http: 'HTTPie',
  httplib2: 'Python httplib2',
  httpx: 'Python httpx',
  'httpx-http2': 'Python httpx, HTTP/2',
  java: 'Java HttpClient',
  'kubectl-get': 'kubectl get --raw',
  'mix-archive-install': 'mix archive.install',
  'mvn-dependency-get': 'mvn dependency:get',
  'nix-prefetch-url': 'nix-prefetch-url',
  'node-fetch': 'Node fetch',
  'node-http': 'Node http and https',
  'node-http2': 'Node http2',
  'node-libraries': 'Node libraries',
  'node-libraries-22': 'Node libraries on Node 22',
  'node-libraries-24': 'Node libraries on Node 24',
  'node-require': 'Node http and https, CommonJS',
  'perl-http-tiny': 'Perl HTTP::Tiny',
  'perl-lwp': 'Perl LWP',
  'perl-mojolicious': 'Perl Mojolicious',
  'php-curl': 'PHP curl',
  'php-streams': 'PHP streams',
  'python-requests': 'Python requests',
  'python-urllib': 'Python urllib',
  'r-download-file': 'R download.file',
  'r-download-packages': 'R download.packages',
  'rattler-install': 'rattler, of pixi',
  'rebar3-own-roots': 'rebar3, with ssl_cacerts_path',
  'ruby-net-http': 'Ruby net/http',
  'ruby-open-uri': 'Ruby open-uri',
  'rustup-toolchain-install': 'rustup toolchain install',
  'undici-agent': 'undici, with a dispatcher of the program',
  'urllib3-plain': 'Python urllib3 by itself',
  'uv-pip': 'uv pip install',
};
const libraries =
  'axios, agentkeepalive, got, hpagent, https-proxy-agent, make-fetch-happen, needle, node-fetch, request, superagent and undici';
/** Why no test runs a tool that has recipes. */
const untried = {
  conda: 'no registry of the tests has it; rattler reads its channels',
  hex: 'no registry of the tests has it; rebar3 reads its repositories',
  julia: 'no registry of the tests has it',
};
/** Tools that the general variables reach, and what keeps a test from running them. */
const general = {
  Chromium: 'its 350 MB are for npm run test:long, which sees it where its certificate store has the CA',
  'dotnet restore': 'no registry of the tests has its SDK; HttpClient, which it fetches with, is seen',
};
/** Recipes that many clients share are no tool. */
const shared = ['generic', 'openssl'];

const titleOf = (client) => titles[client] ?? client.replace('-', ' ');
const keyOf = (title, { tier, scheme }) => `${title} | ${tier} | ${scheme}`;

const notes = readNotes().map((note) => ({ ...note, title: titleOf(note.client.replace(/-real$/, '')) }));
/** From client and column to what was found: a number of requests, or `not seen`. */
const found = new Map(notes.map((note) => [keyOf(note.title, note), note.requests ?? 'not seen']));
const skipped = readSkipped();

if (values.check) await check();
else await writeSection(values.readme, section, await formatTable());

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

/** Tools that no note is about, of the table of recipes and those that need none, each with the reason. */
async function listUntried() {
  const entry = fileURLToPath(new URL('../../src/environment/recipes/index.ts', import.meta.url));
  const bundled = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  const { recipes } = await import(`data:text/javascript,${encodeURIComponent(bundled.outputFiles[0].text)}`);
  const tried = new Set([...shared, ...notes.flatMap(({ tools }) => tools)]);
  const tools = [...new Set(recipes.map(({ tool }) => tool))].filter((tool) => !tried.has(tool));
  const reasons = { ...general, ...Object.fromEntries(tools.map((tool) => [tool, untried[tool]])) };
  return Object.entries(reasons).map(([title, reason = 'no test runs it']) => ({
    title,
    result: `not tried here: ${reason}`,
  }));
}

async function formatTable() {
  const rows = [...listRows(), ...(await listUntried())].sort((a, b) => a.title.localeCompare(b.title, 'en'));
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    'Requests of one run, every one of them in the journal (–: not part of the tests):\n',
    row(['client', 'version', 'result', ...columns.map(({ title }) => title)]),
    row(['---', '---', '---', '---:', '---:', '---:']),
    ...rows.map(({ title, version = '–', result, cells = columns.map(() => '–') }) =>
      row([title, version, result, ...cells]),
    ),
    `\nNode libraries are ${libraries}.`,
  ].join('\n');
}

function listRows() {
  return [...new Set(notes.map(({ title }) => title))].map((title) => {
    const own = notes.filter((note) => note.title === title);
    const unseen = own.find((note) => note.unseen !== undefined)?.unseen;
    const cells = columns.map((column) => {
      const key = keyOf(title, column);
      return found.get(key) ?? (skipped.has(key) ? 'not tried here' : '–');
    });
    const result = unseen === undefined ? 'seen' : `not seen: ${unseen}`;
    return { title, version: own[0].version, result, cells };
  });
}

async function check() {
  const lines = readSection(values.readme, section)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, client, , result]) => client && /^(?:seen|not )/.test(result ?? ''));
  const claims = lines.flatMap(([, client, , , ...cells]) =>
    columns.flatMap((column, index) => {
      const claim = /^(\d+|not seen)/.exec(cells[index] ?? '')?.[1];
      return claim === undefined ? [] : [{ key: keyOf(client, column), isSeen: claim !== 'not seen' }];
    }),
  );
  for (const { key } of claims.filter(({ key }) => !found.has(key) && skipped.has(key)))
    console.log(`not tried here: ${key}: ${skipped.get(key)}`);
  const isUntrue = ({ key, isSeen }) =>
    found.has(key) ? (found.get(key) !== 'not seen') !== isSeen : !skipped.has(key);
  const untrue = claims.filter(isUntrue);
  for (const { key } of untrue) console.log(`${values.readme} claims what was not found: ${key}`);
  const listed = new Set(lines.map(([, client]) => client));
  const lacking = (await listUntried()).filter(({ title }) => skipped.size === 0 && !listed.has(title));
  for (const { title } of lacking) console.log(`${values.readme} lacks ${title}: run npm run clients`);
  if (claims.length === 0) console.log(`${values.readme} claims no client: run npm run clients`);
  process.exitCode = untrue.length === 0 && lacking.length === 0 && claims.length > 0 ? 0 : 1;
}
