import { describe, expect, it } from 'vitest';
import { renderSummary } from '../../reports/summary.ts';
import type { HostSummary, ProcessSummary, Run, UploadSummary } from '../../src/model/run.ts';
import { widthOf } from '../../reports/text/fit.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

const host = (name: string, changes: Partial<HostSummary> = {}): HostSummary => ({
  host: name,
  requests: 1,
  failed: 0,
  bytesIn: 1_000,
  bytesOut: 0,
  statuses: { 200: 1 },
  tunnels: 0,
  ...changes,
});

const withHosts = (hosts: readonly HostSummary[]): Run => ({
  ...emptyRun,
  hosts,
  counts: {
    connections: hosts.length,
    exchanges: hosts.length,
    failed: 0,
    bytesIn: hosts.length * 1_000,
    bytesOut: 0,
  },
});

/** Without those at the end, which are never broken: the journal, its head and other files. */
const brokenLines = (text: string): string[] =>
  text.split('\n').filter((line) => !/^ {2}(?:journal|head|log|report|run|in|by) {2,}\S/.test(line));

it.each([40, 44, 60, 71, 72, 80, 100, 200])('is never wider than %i columns', async (columns) => {
  const runs = [
    ...(await Promise.all(['npm', 'golden', 'truncated', 'tampered', 'hostile'].map(readFixture))),
    emptyRun,
    {
      ...emptyRun,
      runs: Array.from({ length: 9 }, () => emptyRun.runs[0]).filter((run) => run !== undefined),
    },
    withHosts(
      Array.from({ length: 30 }, (_, index) => host(`${'long-'.repeat(index)}host-${index}.example`)),
    ),
    withHosts([
      host('a.example', {
        requests: 123_456_789,
        bytesIn: 1e15,
        statuses: { 200: 123_456, 301: 9, 404: 1e6, 503: 1 },
      }),
    ]),
    withHosts([
      host('漢字.example'),
      host('a'.repeat(300)),
      host('b.example', { tunnels: 12_345, failed: 99_999, otherNames: ['漢字.example', 'a'.repeat(300)] }),
    ]),
  ];
  for (const run of runs) {
    for (const verbose of [false, true]) {
      const home = '/home/somebody';
      const text = renderSummary(run, {
        columns,
        verbose,
        home,
        journalPath: `${home}/${'deep/'.repeat(30)}j.jsonl`,
      });
      for (const line of brokenLines(text)) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  }
});

it('says in two lines that nothing happened', () => {
  expect(renderSummary(emptyRun, { journalPath: '/tmp/journal.jsonl' })).toBe(
    `─── proxaudit · true · exit 0 · 104 ms ${'─'.repeat(41)}\n` +
      'no traffic seen (programs that ignore proxy variables are not seen)\n',
  );
});

it('says of a command that named this machine how to audit that', () => {
  const after = (...command: string[]) =>
    renderSummary({ ...emptyRun, runs: emptyRun.runs.map((run) => ({ ...run, command })) }).split('\n')[2];
  for (const url of ['http://127.0.0.1:8080/a', 'https://localhost', 'http://[::1]:80'])
    expect(after('sh', '-c', `curl '${url}'`)).toBe(
      'connections to this machine are audited with --include-local only',
    );
  expect(after('curl', 'http://localhost.example/', '127.0.0.1')).toBe('');
});

it('is plain without colour, and says the same with it', async () => {
  const run = await readFixture('npm');
  const plain = renderSummary(run);
  expect(plain).not.toContain('\u001b');
  const coloured = renderSummary(run, { colour: true });
  expect(coloured).not.toBe(plain);
  expect(coloured.replace(/\u001b\[(?:1|2|22|31|32|33|39)m/g, '')).toBe(plain);
});

it('shows twelve hosts and the sum of the others, all of them with verbose', () => {
  const run = withHosts(Array.from({ length: 20 }, (_, index) => host(`h${index}.example`)));
  const short = renderSummary(run);
  expect(short).toContain('h11.example');
  expect(short).not.toContain('h12.example');
  expect(short).toMatch(/… and 8 more hosts +8 +8\.0 kB +0 B\n/);
  expect(short).toMatch(/20 hosts +20 +20\.0 kB +0 B\n/);
  expect(renderSummary(run, { verbose: true })).toContain('h19.example');
});

it('shortens long hosts in their middle, and shows them whole with verbose', () => {
  const name = `${'a'.repeat(40)}.objects.registry.example`;
  const run = withHosts([host(name)]);
  expect(renderSummary(run)).toMatch(/a+….*\.objects\.registry\.example/);
  expect(renderSummary(run, { verbose: true }).replace(/ +1 +1\.0 kB.*\n +/, '')).toContain(name);
});

it('says below a host by which other names it was asked, few of many', () => {
  const run = withHosts([
    host('good.example', { otherNames: ['evil.example'] }),
    host('many.example', { otherNames: ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example`) }),
  ]);
  const names = renderSummary(run).split('\n').slice(3, 10);
  expect(names.map((line) => line.slice(0, 29).trimEnd())).toEqual([
    ...['  good.example', '    also named evil.example', '  many.example', '    also named a.example'],
    ...['    also named b.example', '    also named c.example', '    and by 2 more names'],
  ]);
  expect(renderSummary(run, { verbose: true })).toContain('also named e.example');
});

it('groups statuses when there are many', () => {
  const statuses = { 200: 310, 204: 2, 206: 1, 301: 5, 304: 2, 404: 1, 500: 1 };
  const run = withHosts([host('a.example', { statuses, requests: 322 })]);
  expect(renderSummary(run)).toContain('2xx ×313, 3xx ×7');
  expect(renderSummary(run, { verbose: true })).toContain('200 ×310, 204 ×2');
});

describe('who asked', () => {
  const asked = (changes: Partial<ProcessSummary>): ProcessSummary => ({
    process: { pid: 7, name: 'node', command: ['node', 'x.js'] },
    processes: 1,
    requests: 2,
    failed: 0,
    bytesIn: 5_000,
    bytesOut: 0,
    tunnels: 0,
    hosts: [{ host: 'a.example', requests: 2, bytesIn: 5_000, bytesOut: 0 }],
    uploads: [],
    ...changes,
  });
  const script = (name: string): ProcessSummary['process'] => ({
    pid: 8,
    name: 'curl',
    command: ['curl', '-d', '@x'],
    ecosystem: 'npm',
    package: `${name}@1.0.0`,
    script: 'postinstall',
  });
  const upload = (size: number): UploadSummary => ({
    method: 'POST',
    url: 'https://sink.example/v2',
    host: 'sink.example',
    size,
    sha256: 'a'.repeat(64),
    count: 1,
  });
  const show = (processes: readonly ProcessSummary[], verbose = false): string =>
    renderSummary({ ...withHosts([host('a.example')]), processes }, { verbose });

  it('names scripts with what they sent, its digest and where to', () => {
    expect(show([asked({ process: script('pad'), bytesOut: 1_200, uploads: [upload(1_200)] })])).toContain(
      `  Who asked\n  ↑ pad@1.0.0 postinstall  POST sink.example  1.2 kB sent\n    sha256:${'a'.repeat(64)}\n`,
    );
    expect(show([asked({ process: script('pad') })])).toContain(
      '  · pad@1.0.0 postinstall  2 requests to a.example  5.0 kB in\n',
    );
  });

  it('is silent about who only fetched, and about who is not known', () => {
    expect(show([asked({}), asked({ process: null, uploads: [upload(9)] })])).not.toContain('Who asked');
    expect(show([asked({})], true)).toContain('  · node x.js  2 requests to a.example  5.0 kB in\n');
    expect(show([asked({ process: null })], true)).not.toContain('Who asked');
  });

  it('shows scripts before others that sent, and of many the first', () => {
    const many = Array.from({ length: 5 }, (_, index) =>
      asked({ process: script(`p${index}`), uploads: [4, 3, 2, 1].map(upload) }),
    );
    const text = show([asked({ uploads: [upload(9)] }), ...many]);
    expect(text.match(/↑ .*/g)?.map((line) => line.slice(2, 4))).toEqual(['p0', 'p1', 'p2']);
    expect(text).toContain('    … and 2 more\n');
    expect(text).toContain('… and 3 more (--verbose shows all)');
    const whole = show([asked({ uploads: [upload(9)] }), ...many], true);
    expect(whole.match(/POST https:\/\/sink.example\/v2/g)).toHaveLength(21);
  });
});

describe('trouble', () => {
  const failures = Array.from({ length: 5 }, (_, index) => ({
    method: 'GET',
    url: `https://a.example/${'very/'.repeat(30)}${index}`,
    code: 'dns-failed',
    message: 'no such name',
    count: index + 1,
  }));

  it('shows the first failures, all and whole with verbose', () => {
    const run = { ...withHosts([host('a.example')]), failures };
    const short = renderSummary(run);
    expect(short.match(/✗/g)).toHaveLength(3);
    expect(short).toContain('… and 2 more (--verbose shows all)');
    expect(short).toContain('dns-failed: no such name ×2');
    expect(renderSummary(run, { verbose: true }).match(/✗/g)).toHaveLength(5);
  });

  it('names the line that mends each refusal', async () => {
    const npm = await readFixture('npm');
    expect(renderSummary(npm)).toMatch(/→ curl does not trust the audit CA: set\n +CURL_CA_BUNDLE=/);
    expect(renderSummary(npm, { verbose: true }).replace(/\s+/g, ' ')).toContain(
      '[curl (pid 4388, postinstall of addon@2.1.0): unknown-ca]',
    );
  });

  it('names upstreams that failed TLS, settings that were replaced, and what still ran', () => {
    const run: Run = {
      ...withHosts([host('a.example')]),
      completeness: {
        verdict: 'incomplete',
        reasons: ['still running when the journal was closed: d (pid 7)'],
      },
      tlsFailures: [
        {
          host: 'self.example',
          side: 'upstream',
          cause: 'certificate-expired',
          advice: 'renew it',
          count: 2,
        },
      ],
      blindSpots: [
        { kind: 'replaced-setting', subject: 'HTTPS_PROXY', advice: 'named another proxy', count: 1 },
        { kind: 'still-running', subject: 'd (pid 7)', advice: 'raise --drain', count: 1 },
      ],
    };
    const text = renderSummary(run);
    expect(text).toContain('✗ self.example: certificate-expired ×2\n    → renew it\n');
    expect(text).toContain('→ d (pid 7): raise --drain\n');
    expect(text).toContain('Settings replaced for this run\n  · HTTPS_PROXY: named another proxy\n');
  });

  it('is loud about a journal that was changed or cut', async () => {
    expect(renderSummary(await readFixture('tampered'))).toContain('!! THE JOURNAL WAS CHANGED');
    expect(renderSummary(await readFixture('truncated'))).toContain('!! THE JOURNAL IS CUT SHORT');
    const cutAndEmpty = emptyRun.runs.map((run) => ({
      ...run,
      integrity: { verdict: 'truncated', problems: [] } as const,
    }));
    expect(renderSummary({ ...emptyRun, runs: cutAndEmpty })).toContain('!! THE JOURNAL IS CUT SHORT');
  });
});

it.each([
  [{ kind: 'code', code: 7 } as const, 'exit 7'],
  [{ kind: 'signal', signal: 'SIGTERM', number: 15 } as const, 'killed by SIGTERM'],
  [{ kind: 'not-started', code: 127, message: 'x' } as const, 'not started (127)'],
  [null, 'end not recorded'],
])('tells how the command ended: %j', (exit, expected) => {
  expect(renderSummary({ ...emptyRun, runs: emptyRun.runs.map((run) => ({ ...run, exit })) })).toContain(
    `· ${expected} ·`,
  );
});

it('shows the head whole, and the journal below the home directory', async () => {
  const run = await readFixture('npm');
  const text = renderSummary(run, { home: '/home/somebody', journalPath: '/home/somebody/x.jsonl' });
  expect(text).toContain('journal  ~/x.jsonl\n');
  expect(text).toContain(`head     ${run.runs[0]?.head ?? '?'}\n`);
});

it('ends in an ellipsis where an item is cut, however its words break', () => {
  const message = Array.from({ length: 30 }, (_, index) => `${'word'.repeat(4)}${index}`).join(' ');
  const failures = [{ method: 'GET', url: 'https://a.example/', code: 'x', message, count: 1 }];
  const text = renderSummary({ ...withHosts([host('a.example')]), failures }, { columns: 44 });
  expect(text.slice(text.indexOf('    x: '))).toMatch(/^(?: {4}.*[^…]\n){3} {4}.* …\n\n/);
});

it('gives every file, and the head, in one piece on one line, however long', async () => {
  const home = '/home/somebody';
  const deep = `/tmp/${'deep/'.repeat(20)}`;
  const reportPaths = [`${home}/r.md`, `${deep}with blank.json`];
  for (const run of [emptyRun, withHosts([host('a.example')])]) {
    const text = renderSummary(run, { home, reportPaths, logPath: `${deep}l.log`, columns: 40 });
    expect(text).toContain(
      `\n  log      ${deep}l.log\n  report   ~/r.md\n  report   ${deep}with blank.json\n`,
    );
  }
  const npm = await readFixture('npm');
  const text = renderSummary(npm, { columns: 40, journalPath: `${deep}j.jsonl` });
  expect(text).toContain(`\n  journal  ${deep}j.jsonl\n  head     ${npm.runs[0]?.head ?? '?'}\n`);
});

it('lists several runs', async () => {
  const [npm, golden] = [await readFixture('npm'), await readFixture('golden')];
  const text = renderSummary({ ...npm, runs: [...npm.runs, ...golden.runs] });
  expect(text).toContain('proxaudit · 2 runs');
  expect(text).toContain(
    '  npm ci · exit 0 · 12.2 s\n  curl -O https://files.example/hello.txt · exit 0 · 230 ms\n',
  );
});
