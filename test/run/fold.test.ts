import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fact, FactOf } from '../../src/model/events.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { createFold, type Folded } from '../../src/run/fold.ts';
import { openJournal } from '../../src/run/journal-writer.ts';
import { mergeRuns } from '../../src/run/merge-runs.ts';
import { readJournalFile, readRun } from '../../src/run/read-run.ts';
import { anArtifact } from '../findings/an-artifact.ts';
import { exchange, runFinished, runStarted } from './sample-facts.ts';

const intact = { verdict: 'intact', problems: [] } as const;
const folded = (name: string): Promise<Folded> => {
  const file = `test/fixtures/journals/${name}.jsonl`;
  return readRun(file, readJournalFile(file));
};
const fixture = async (name: string): Promise<RunFacts> => (await folded(name)).facts;

/** Folds facts as if they were recorded. */
function foldWhole(facts: readonly Fact[], head: Fact = runStarted): Folded {
  const folding = createFold();
  for (const fact of [head, ...facts]) folding.add({ at: '2026-11-21T01:37:53.000Z', ...fact });
  return folding.finish(intact);
}

const fold = (facts: readonly Fact[], head?: Fact): RunFacts => foldWhole(facts, head).facts;

/** A line without what the journal adds. */
function factOf(line: string): Fact {
  const added = ['v', 'seq', 'at', 'prev'];
  const entries = Object.entries(JSON.parse(line) as object).filter(([name]) => !added.includes(name));
  return Object.fromEntries(entries) as Fact;
}

const opened = (id: string, host: string, port = 443): Fact => ({
  type: 'connection-opened',
  id,
  client: { address: '127.0.0.1', port: 40_000 },
  via: 'connect',
  destination: { host, port },
});
const closed = (id: string, bytesIn = 10, bytesOut = 5): Fact => ({
  type: 'connection-closed',
  id,
  bytesIn,
  bytesOut,
});
const passed = (connectionId: string): Fact => ({ type: 'passed-through', connectionId, reason: 'not-http' });
const completed = (id: string, changes: Partial<FactOf<'exchange-completed'>>): [Fact, Fact] => {
  const [started, whole] = exchange(id);
  return [started, { ...(whole as FactOf<'exchange-completed'>), ...changes }];
};

const { request: asked, response } = exchange('x1')[1] as FactOf<'exchange-completed'>;
const answered = response as NonNullable<typeof response>;

it('folds a recorded and a read journal into the same Run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'proxaudit-fold-'));
  try {
    const file = join(directory, 'journal.jsonl');
    const folding = createFold();
    const journal = openJournal({ file }, { onRecorded: folding.add });
    for (const line of readFileSync('test/fixtures/journals/npm.jsonl', 'utf8')
      .trimEnd()
      .split('\n')
      .slice(0, -1)) {
      journal.record(factOf(line));
    }
    journal.record({
      type: 'run-finished',
      exit: { kind: 'code', code: 0 },
      ...folding.conclude({ kind: 'code', code: 0 }),
      head: '',
    });
    journal.close();
    const folded = folding.finish(intact);
    expect(await readRun(file, readJournalFile(file))).toEqual(folded);
    const recorded = folded.facts;
    const { runs: ours, ...rest } = recorded;
    const { runs: theirs, ...fixed } = await fixture('npm');
    expect(rest).toEqual(fixed);
    expect(ours[0]?.completeness).toEqual(theirs[0]?.completeness);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it('concludes what the journal says in its last line', async () => {
  const lines = readFileSync('test/fixtures/journals/npm.jsonl', 'utf8').trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as FactOf<'run-finished'>;
  const folding = createFold();
  for (const line of lines.slice(0, -1)) folding.add(JSON.parse(line) as Parameters<typeof folding.add>[0]);
  expect(folding.conclude({ kind: 'code', code: 0 })).toEqual({
    completeness: last.completeness,
    counts: last.counts,
    hosts: (await fixture('npm')).hosts.length,
  });
  const { runs, counts } = await fixture('npm');
  expect(counts).toEqual(last.counts);
  expect(runs[0]).toMatchObject({
    head: last.head,
    endedAt: expect.any(String),
    exit: last.exit,
    integrity: intact,
  });
});

it('counts requests, bytes, statuses and tunnels per host, the busiest first', () => {
  const run = fold([
    opened('c1', 'a.example'),
    ...exchange('x1', 'https://A.example/1', 100),
    ...exchange('x2', 'https://a.example:443/2', 200),
    ...exchange('x3', 'http://a.example:8080/', 1),
    ...completed('x4', {
      response: {
        status: 404,
        by: 'upstream',
        httpVersion: '2',
        headers: {},
        body: { size: 7, complete: true },
      },
    }),
    closed('c1', 999, 999),
    opened('c2', 'git.example', 22),
    passed('c2'),
    closed('c2', 5_000, 300),
    opened('c3', '2001:db8::1', 9_418),
    passed('c3'),
    closed('c3', 1, 1),
  ]);
  expect(run.hosts).toEqual([
    {
      host: 'a.example',
      requests: 2,
      failed: 0,
      bytesIn: 300,
      bytesOut: 0,
      tunnels: 0,
      statuses: { 200: 2 },
    },
    {
      host: 'registry.example',
      requests: 1,
      failed: 0,
      bytesIn: 7,
      bytesOut: 0,
      tunnels: 0,
      statuses: { 404: 1 },
    },
    {
      host: 'a.example:8080',
      requests: 1,
      failed: 0,
      bytesIn: 1,
      bytesOut: 0,
      tunnels: 0,
      statuses: { 200: 1 },
    },
    {
      host: 'git.example:22',
      requests: 0,
      failed: 0,
      bytesIn: 5_000,
      bytesOut: 300,
      tunnels: 1,
      statuses: {},
    },
    { host: '[2001:db8::1]:9418', requests: 0, failed: 0, bytesIn: 1, bytesOut: 1, tunnels: 1, statuses: {} },
  ]);
  expect(run.statuses).toEqual({ 200: 3, 404: 1 });
  expect(run.counts).toEqual({ connections: 3, exchanges: 4, failed: 0, bytesIn: 5_309, bytesOut: 301 });
  expect(run.completeness).toEqual({
    verdict: 'incomplete',
    reasons: [
      'programs that ignore proxy variables are not seen',
      '2 connections tunnelled unread: git.example:22, [2001:db8::1]:9418',
    ],
  });
});

it('tells failures apart, and counts equal ones once', () => {
  const error = { code: 'dns-failed', message: 'the name could not be resolved' };
  const ours = {
    status: 502,
    by: 'proxaudit',
    httpVersion: '1.1',
    headers: {},
    body: { size: 99, complete: true },
  } as const;
  const cut = {
    ...ours,
    status: 200,
    by: 'upstream',
    body: { size: 50, complete: false, error: 'upstream-reset' },
  } as const;
  const run = fold([
    ...completed('x1', { response: ours, error }),
    ...completed('x2', { response: ours, error }),
    ...completed('x3', { response: null, error: { code: 'client-gone', message: 'the client left' } }),
    ...completed('x4', { response: cut }),
  ]);
  expect(run.failures.map(({ code, count }) => [code, count])).toEqual([
    ['dns-failed', 2],
    ['client-gone', 1],
    ['upstream-reset', 1],
  ]);
  expect(run.counts).toMatchObject({ exchanges: 4, failed: 4, bytesIn: 50 });
  expect(run.statuses).toEqual({ 200: 1, '502 (proxaudit)': 2 });
});

it('lists refusals, blind spots and what had not ended', () => {
  const refusal: Fact = {
    type: 'tls-failed',
    connectionId: 'c1',
    host: 'a.example',
    side: 'client',
    cause: 'unknown-ca',
    advice: 'set X',
  };
  const spot: Fact = { type: 'blind-spot', kind: 'still-running', subject: 'daemon (pid 7)', advice: 'wait' };
  const direct: Fact = { type: 'blind-spot', kind: 'no-proxy', subject: 'in.example', advice: '' };
  const run = fold([opened('c1', 'a.example'), refusal, refusal, spot, direct, exchange('x1')[0]]);
  expect(run.tlsFailures).toEqual([
    { host: 'a.example', side: 'client', cause: 'unknown-ca', advice: 'set X', count: 2 },
  ]);
  expect(run.unfinished).toEqual(['GET https://registry.example/left-pad']);
  expect(run.completeness.reasons).toEqual([
    'programs that ignore proxy variables are not seen',
    'not seen, as NO_PROXY keeps it direct: in.example',
    '1 request had not ended when the journal did',
    'still running when the journal was closed: daemon (pid 7)',
    '2 connections not read, as the client refused the audit CA: a.example',
  ]);
});

it('may call only what nothing speaks against complete', () => {
  expect(fold([...exchange('x1')]).completeness.verdict).toBe('proxied-only');
  expect(fold([...exchange('x1')], { ...runStarted, capture: 'netns' }).completeness).toEqual({
    verdict: 'complete',
    reasons: [],
  });
  expect(fold([exchange('x1')[0]], { ...runStarted, capture: 'netns' }).completeness.verdict).toBe(
    'incomplete',
  );
  const folding = createFold();
  expect(folding.finish({ verdict: 'tampered', problems: [] }).facts.completeness.verdict).toBe('incomplete');
  expect(folding.finish({ verdict: 'truncated', problems: [] }).facts.completeness.verdict).toBe(
    'incomplete',
  );
});

it('tells what came in parts, what a cache had, and what of a lockfile was not fetched, without calling it incomplete', () => {
  const answer = (id: string, status: number, complete = true) =>
    completed(id, {
      response: {
        status,
        by: 'upstream',
        httpVersion: '1.1',
        headers: {},
        body: { size: 1, complete },
      },
    });
  const entry = (line: number, value = 'ab') => ({
    name: `p${line}`,
    version: '1.0.0',
    expected: value === '' ? [] : [{ algorithm: 'sha256' as const, value }],
    line,
  });
  const lockfile = (path: string, entries: ReturnType<typeof entry>[]): Fact => ({
    type: 'lockfile-loaded',
    path,
    digest: 'a'.repeat(64),
    ecosystem: 'npm',
    entries,
  });
  const artifact = anArtifact('p3', {
    expected: [
      { source: 'lockfile', from: 'a.lock', line: 3, algorithm: 'sha256', value: 'ab', result: 'match' },
    ],
  });
  const facts = [
    lockfile('a.lock', [entry(1), entry(3)]),
    lockfile('a.lock', [entry(5), entry(7, '')]),
    lockfile('on-one-line.lock', [entry(1), entry(1)]),
    lockfile('unused.lock', [entry(1)]),
    ...answer('x1', 206),
    ...answer('x2', 206),
    ...answer('x3', 304),
    ...answer('x4', 200, false),
  ];
  const first = fold([...facts, { type: 'artifact-recognised', artifact }], {
    ...runStarted,
    capture: 'netns',
  });
  expect(first.completeness).toEqual({
    verdict: 'complete',
    reasons: [
      '2 requests answered with parts of files (206): registry.example',
      '1 response cut short: no digest of it counts',
      '1 request answered 304: the command used its cache, unseen: registry.example',
      '2 of 3 entries of a.lock not fetched: cached, not wanted, or not got (the end of the run is not recorded, 1 response cut short)',
    ],
  });
  const oneLine = {
    ...artifact,
    expected: artifact.expected.map((one) => ({ ...one, from: 'on-one-line.lock', line: 1 })),
  };
  expect(
    fold([...facts.slice(0, 4), { type: 'artifact-recognised', artifact: oneLine }]).completeness.reasons,
  ).toHaveLength(1);
});

describe('of a lockfile that is not all fetched', () => {
  const npmCi = { ...runStarted, capture: 'netns' as const };
  const entries = (...lines: number[]) =>
    lines.map((line) => ({
      ...{ name: `p${line}`, version: '1.0.0', line },
      expected: [{ algorithm: 'sha256' as const, value: 'ab' }],
    }));
  const lockfile = (path: string, lines: number[], more: object = {}): Fact => ({
    ...{
      type: 'lockfile-loaded',
      path,
      digest: 'a'.repeat(64),
      ecosystem: 'npm',
      entries: entries(...lines),
    },
    ...more,
  });
  const fetchedLine = (line: number, from = 'package-lock.json'): Fact => ({
    type: 'artifact-recognised',
    artifact: anArtifact(`p${line}`, {
      ...{ id: `a${line}`, verdict: 'locked', digests: { sha256: `${line}`.repeat(64) } },
      expected: [{ source: 'lockfile', from, line, algorithm: 'sha256', value: 'ab', result: 'match' }],
    }),
  });
  const ended = (exit: FactOf<'run-finished'>['exit']): Fact => ({ ...runFinished, exit });
  const well = ended({ kind: 'code', code: 0 });
  const reasonsOf = (facts: readonly Fact[], command = ['npm', 'ci']) =>
    fold(facts, { ...npmCi, command }).completeness.reasons;

  it.each<[string, Fact[], string]>([
    ['of a warm run', [well], 'cached, or not wanted'],
    [
      'of one that failed',
      [ended({ kind: 'code', code: 7 })],
      'cached, not wanted, or not got (the command ended with 7)',
    ],
    [
      'of one that was killed',
      [ended({ kind: 'signal', signal: 'SIGINT', number: 2 })],
      'cached, not wanted, or not got (the command was ended by SIGINT)',
    ],
    ['of one without an end', [], 'cached, not wanted, or not got (the end of the run is not recorded)'],
    [
      'after requests that failed',
      [
        ...completed('x1', { response: null, error: { code: 'dns-failed', message: '' } }),
        exchange('x2')[0],
        well,
      ],
      'cached, not wanted, or not got (1 request failed, 1 request not ended)',
    ],
    [
      'after answers that say no',
      [
        ...completed('x1', { response: { ...answered, status: 503 } }),
        ...completed('x2', { response: { ...answered, status: 401 } }),
        well,
      ],
      'cached, not wanted, or not got (1 request answered with an error)',
    ],
    [
      'beside what was not read',
      [opened('c1', 'a.example'), passed('c1'), well],
      'cached, not wanted, or not seen (1 connection tunnelled)',
    ],
  ])('%s it tells why', (_title, facts, causes) => {
    const all = [lockfile('package-lock.json', [1, 2]), ...facts];
    expect(reasonsOf(all)).toContain(`none of the 2 entries of package-lock.json fetched: ${causes}`);
    expect(reasonsOf([fetchedLine(1), ...all])).toContain(
      `1 of 2 entries of package-lock.json not fetched: ${causes}`,
    );
  });

  it.each<[string[], boolean]>([
    [['npm', 'ci'], true],
    [['sh', '-c', 'cd web && npm ci'], true],
    [['make'], true],
    [['npm', 'install', '-g', 'x'], false],
    [['cargo', 'build'], false],
    [['sh', '-c', 'pip install x | tee log'], false],
  ])('nothing is said where nothing was to come of it: %j', (command, isSaid) => {
    expect(reasonsOf([lockfile('package-lock.json', [1, 2]), well], command)).toHaveLength(isSaid ? 1 : 0);
  });

  it('an empty one is said to be that', () => {
    const empty: Fact = { type: 'blind-spot', kind: 'lockfile-empty', subject: 'yarn.lock', advice: '' };
    expect(reasonsOf([empty, well], ['yarn'])).toEqual([
      'without entries, so that nothing was checked against it: yarn.lock',
    ]);
    expect(reasonsOf([empty, well], ['npm', 'exec', 'x'])).toEqual([]);
  });

  it('one that was left aside is told where it could have spoken', () => {
    const aside: Fact = { type: 'blind-spot', kind: 'lockfile-aside', subject: '../Cargo.lock', advice: '' };
    const crate = (verdict: 'locked' | 'published'): Fact => ({
      type: 'artifact-recognised',
      artifact: anArtifact('itoa', { ecosystem: 'cargo', verdict }),
    });
    expect(reasonsOf([aside, crate('published'), well])).toEqual([
      'left aside, as its tool does not look there from the working directory (--lockfile names it): ../Cargo.lock',
    ]);
    expect(reasonsOf([aside, crate('locked'), fetchedLine(1), well])).toEqual([]);
  });

  it('of merged runs, that counts which none of them fetched', () => {
    const shard = (line: number, path = 'package-lock.json') =>
      foldWhole([lockfile(path, [1, 2, 3]), fetchedLine(line, path), well], npmCi);
    const reasons = (...shards: Folded[]) => mergeRuns(shards).completeness.reasons;
    expect(reasons(shard(1), shard(2))).toEqual([
      '1 of 3 entries of package-lock.json not fetched: cached, or not wanted',
    ]);
    expect(reasons(shard(1), shard(2), shard(3))).toEqual([]);
    expect(mergeRuns([shard(1), shard(1)]).artifacts).toHaveLength(1);
  });
});

it('tells of tunnels those that the user wanted', () => {
  const wanted: Fact = { type: 'passed-through', connectionId: 'c1', reason: 'passthrough-option' };
  const run = foldWhole([opened('c1', 'a.example'), wanted, opened('c2', 'a.example'), passed('c2')]);
  expect(run.facts.hosts).toMatchObject([{ host: 'a.example', tunnels: 2, passedThrough: 1 }]);
  expect(mergeRuns([run, run]).hosts).toMatchObject([{ tunnels: 4, passedThrough: 2 }]);
});

it.each([
  ['dns-failed', 0],
  ['certificate-expired', 0],
  ['upstream-reset', 9_000],
])('counts what could go out: after %s %i bytes', (code, bytesOut) => {
  const [, whole] = exchange('x1');
  const { request } = whole as FactOf<'exchange-completed'>;
  const run = fold(
    completed('x1', {
      request: { ...request, body: { size: 9_000 } },
      response: null,
      error: { code, message: '' },
    }),
  );
  expect([run.hosts[0]?.bytesOut, run.counts.bytesOut]).toEqual([bytesOut, bytesOut]);
  expect(run.processes[0]?.uploads).toHaveLength(bytesOut === 0 ? 0 : 1);
});

it('keeps what the run is judged by, beside its facts', () => {
  const folding = createFold();
  const waiver = { finding: 'upload', subject: 'a', reason: 'b' } as const;
  const artifact = { subject: 'pkg:npm/a@1', digest: null };
  const baseline = { type: 'baseline-loaded', path: 'x', digest: 'a'.repeat(64) } as const;
  const facts: Fact[] = [
    runStarted,
    { type: 'waivers-loaded', path: 'y', waivers: [waiver] },
    { ...baseline, hosts: ['a', 'b'], artifacts: [] },
    { ...baseline, hosts: [], artifacts: [artifact] },
  ];
  expect(folding.finish(intact)).toMatchObject({ waivers: [], baseline: null });
  for (const fact of facts) folding.add({ at: '2026-11-21T01:37:53.000Z', ...fact });
  expect(folding.finish(intact)).toMatchObject({
    waivers: [waiver],
    baseline: { hosts: ['a', 'b'], artifacts: [artifact] },
  });
});

it('folds truncated and tampered journals', async () => {
  const truncated = await fixture('truncated');
  expect(truncated.runs[0]).toMatchObject({
    exit: null,
    endedAt: null,
    head: null,
    integrity: { verdict: 'truncated' },
  });
  expect(truncated.unfinished).toHaveLength(1);
  expect((await fixture('tampered')).runs[0]?.integrity.verdict).toBe('tampered');
});

it('counts what it can no longer keep', () => {
  const facts: Fact[] = [];
  for (let index = 0; index < 25_000; index++)
    facts.push(...exchange(`x${index}`, `https://h${index}.example/`));
  for (let index = 0; index < 1_500; index++) {
    facts.push(...completed(`y${index}`, { response: null, error: { code: `e${index}`, message: '' } }));
  }
  for (let index = 0; index < 12_000; index++) facts.push(exchange(`z${index}`)[0]);
  facts.push(exchange('z11999')[1]);
  const run = fold(facts);
  expect(run.hosts).toHaveLength(20_001);
  expect(run.hosts.find(({ host }) => host === '(other hosts)')?.requests).toBe(25_000 + 13_500 - 20_000);
  expect(run.failures).toHaveLength(1_000);
  expect(run.counts).toMatchObject({ failed: 1_500, exchanges: 38_500 });
  expect(run.unfinished).toHaveLength(1_000);
  expect(run.completeness.reasons).toContain('11,999 requests had not ended when the journal did');
});

describe('what was looked at besides the proxy', () => {
  const sampled: Fact = { type: 'connections-sampled', samples: 9, longestGapMs: 412 };
  const samples =
    'programs that ignore proxy variables are seen by samples only: what lives less than 412 ms may be missed';
  const process = { pid: 7, name: 'python3', command: ['python3'] };
  const spot = (kind: FactOf<'blind-spot'>['kind'], subject: string): Fact => ({
    type: 'blind-spot',
    kind,
    subject,
    advice: '',
    process,
  });

  it('says how often, and is no better for it', () => {
    expect(fold([sampled]).completeness).toEqual({ verdict: 'proxied-only', reasons: [samples] });
    const [netns] = fold([sampled], { ...runStarted, capture: 'netns' }).completeness.reasons;
    expect(netns).toBeUndefined();
  });

  it('makes a run incomplete when it shows connections past the proxy, daemons or other networks', () => {
    const bypass = spot('bypass', 'python3 to 203.0.113.5:443 (https)');
    const run = fold([bypass, bypass, sampled]);
    expect(run.blindSpots).toMatchObject([{ kind: 'bypass', count: 2, process }]);
    expect(run.completeness).toEqual({
      verdict: 'incomplete',
      reasons: [samples, '2 connections went past the proxy: python3 to 203.0.113.5:443 (https)'],
    });
    expect(fold([spot('daemon', 'Docker daemon')]).completeness).toMatchObject({
      verdict: 'incomplete',
      reasons: [expect.any(String), 'asked to fetch on the command’s behalf, unseen: Docker daemon'],
    });
    expect(fold([spot('other-network', 'slirp')]).completeness.verdict).toBe('incomplete');
  });

  it('only notes lookups of names and UDP sockets without a peer', () => {
    expect(fold([spot('parts', 'https://r.example/x.tgz')]).completeness.reasons).toContain(
      'came in parts that were not put together: no artifacts: https://r.example/x.tgz',
    );
    expect(fold([spot('direct-dns', 'java'), spot('open-udp', 'java')]).completeness).toEqual({
      verdict: 'proxied-only',
      reasons: [
        'programs that ignore proxy variables are not seen',
        'names were looked up directly: java',
        'where these send by UDP is not known: java',
      ],
    });
  });
});

describe('who asked', () => {
  const script = (pid: number) => ({
    pid,
    name: 'node',
    command: ['node', `${pid}.js`],
    ecosystem: 'npm',
    package: 'pad@1.0.0',
    script: 'install',
  });
  const post = (id: string, process: FactOf<'exchange-completed'>['process'], size: number) => {
    const request = { method: 'POST', url: 'https://sink.example/x', httpVersion: '1.1', headers: {} };
    const body = { size, sha256: size.toString(16).padStart(64, '0') };
    const [started, whole] = completed(id, { request: { ...request, body } });
    if (whole.type === 'exchange-completed') delete whole.process;
    return [started, Object.assign(whole, process === undefined ? {} : { process })] as const;
  };

  it('is one entry for a lifecycle script, whatever processes it has, with what they sent', () => {
    const { processes } = fold([
      ...post('x1', script(7), 10),
      ...post('x2', script(8), 10),
      ...post('x3', script(8), 30),
    ]);
    expect(processes).toMatchObject([
      {
        process: script(7),
        processes: 2,
        requests: 3,
        bytesIn: 3_000,
        bytesOut: 50,
        hosts: [{ host: 'sink.example', requests: 3, bytesIn: 3_000, bytesOut: 50 }],
        uploads: [
          { method: 'POST', host: 'sink.example', size: 30, count: 1 },
          { method: 'POST', host: 'sink.example', size: 10, count: 2 },
        ],
      },
    ]);
  });

  it('is one entry for each command line otherwise, and one for what is not known', () => {
    const curl = { pid: 1, name: 'curl', command: ['curl', 'a'] };
    const { processes } = fold([
      ...post('x1', curl, 1),
      ...post('x2', { ...curl, pid: 2 }, 1),
      ...post('x3', { ...curl, command: ['curl', 'b'] }, 5),
      ...post('x4', undefined, 0),
    ]);
    expect(processes.map((one) => [one.process?.command[1], one.processes, one.bytesOut])).toEqual([
      ['b', 1, 5],
      ['a', 2, 2],
      [undefined, 0, 0],
    ]);
  });

  it('has what was tunnelled, told when the connection was opened or when it was closed', () => {
    const [one, two] = [script(1), { ...script(2), script: 'test' }];
    const { processes } = fold([
      { ...(opened('c1', 'git.example', 22) as FactOf<'connection-opened'>), process: one },
      passed('c1'),
      closed('c1', 100, 20),
      opened('c2', 'git.example', 22),
      passed('c2'),
      { ...(closed('c2', 300, 10) as FactOf<'connection-closed'>), process: two },
      { ...(opened('c3', 'read.example') as FactOf<'connection-opened'>), process: one },
      closed('c3', 999, 999),
    ]);
    expect(
      processes.map((entry) => [entry.process?.script, entry.tunnels, entry.bytesIn, entry.bytesOut]),
    ).toEqual([
      ['install', 1, 100, 20],
      ['test', 1, 300, 10],
    ]);
  });

  it('is bounded, and keeps the biggest that was sent', () => {
    const facts = Array.from({ length: 3_000 }, (_, index) =>
      post(`x${index}`, { pid: index, name: 'n', command: [String(index)] }, 1),
    );
    const sent = Array.from({ length: 300 }, (_, index) => post(`y${index}`, script(7), index + 1));
    const { processes } = fold([...sent, ...facts].flat());
    expect(processes).toHaveLength(1_001);
    expect(processes.find(({ process }) => process === null)?.requests).toBe(3_000 - 999);
    const uploads = processes.find(({ process }) => process?.pid === 7)?.uploads;
    expect(uploads?.map(({ size }) => size)).toEqual(Array.from({ length: 20 }, (_, index) => 300 - index));
  });
});

it('merges runs', async () => {
  const [npmRun, goldenRun] = [await folded('npm'), await folded('golden')];
  const [npm, golden] = [npmRun.facts, goldenRun.facts];
  expect(mergeRuns([npmRun])).toEqual(npm);
  const merged = mergeRuns([goldenRun, npmRun, npmRun]);
  expect(merged.runs.map(({ runId }) => runId)).toEqual([golden, npm, npm].map((run) => run.runs[0]?.runId));
  expect(merged.counts).toEqual({
    connections: 13,
    exchanges: 23,
    failed: 2,
    bytesIn: 2 * npm.counts.bytesIn + 5,
    bytesOut: 2 * npm.counts.bytesOut,
  });
  expect(merged.completeness).toEqual({
    verdict: 'incomplete',
    reasons: [
      ...npm.completeness.reasons.slice(0, 1),
      ...golden.completeness.reasons,
      '2 responses cut short: no digest of it counts',
      '2 requests answered 304: the command used its cache, unseen: registry.example',
      '2 connections tunnelled unread: git.example:22',
      '2 connections not read, as the client refused the audit CA: api.example',
    ],
  });
  expect(merged.hosts.find(({ host }) => host === 'registry.example')).toMatchObject({
    requests: 16,
    statuses: { 200: 12, 302: 2, 304: 2 },
  });
  expect(merged.failures.map(({ count }) => count)).toEqual([2]);
  expect(mergeRuns([npmRun, npmRun]).processes).toEqual(
    npm.processes.map((one) => ({
      ...one,
      processes: 2 * one.processes,
      requests: 2 * one.requests,
      failed: 2 * one.failed,
      bytesIn: 2 * one.bytesIn,
      bytesOut: 2 * one.bytesOut,
      tunnels: 2 * one.tunnels,
      hosts: one.hosts.map((host) => ({
        ...host,
        requests: 2 * host.requests,
        bytesIn: 2 * host.bytesIn,
        bytesOut: 2 * host.bytesOut,
      })),
      uploads: one.uploads.map((upload) => ({ ...upload, count: 2 * upload.count })),
    })),
  );
  expect(merged.tlsFailures.map(({ count }) => count)).toEqual([2]);
  expect(mergeRuns([npmRun, goldenRun]).hosts).toEqual(mergeRuns([goldenRun, npmRun]).hosts);
});

it('of merged runs, tells the longest time between two looks, and sums up what each had', () => {
  const sampled = (longestGapMs: number, url: string) =>
    foldWhole([
      { type: 'connections-sampled', samples: 9, longestGapMs },
      ...completed('x1', { response: { ...answered, status: 304 }, request: { ...asked, url } }),
    ]);
  const runs = [
    sampled(90, 'https://a.example/x'),
    sampled(412, 'https://b.example/x'),
    sampled(250, 'https://a.example/x'),
  ];
  expect(mergeRuns(runs).completeness.reasons).toEqual([
    'programs that ignore proxy variables are seen by samples only: what lives less than 412 ms may be missed',
    '3 requests answered 304: the command used its cache, unseen: a.example, b.example',
  ]);
});

it('says that a journal cannot be read', async () => {
  await expect(fixture('no-such')).rejects.toMatchObject({ name: 'AuditError', code: 'bad-input' });
  expect(runFinished.head).toBe('');
});
