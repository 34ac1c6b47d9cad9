import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, executable, readJournal } from '../helpers/audit-run.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { startProgram } from '../helpers/run-program.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('reach');
const curl = ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}\n'];

/** Runs it audited; its output, and what the journal and the summary say. */
async function run(name: string, options: readonly string[], command: readonly string[]) {
  const { user, directory, options: given } = scene();
  const file = join(directory, `${name}.jsonl`);
  const result = await user.proxaudit(['-o', file, ...given, ...options, '--', ...command]);
  expect((await checkJournal(file)).code).toBe(0);
  return { result, stdout: result.stdout.toString(), summary: result.stderr, journal: readJournal(file) };
}

const urlsOf = ({ exchanges }: { exchanges: readonly { request: { url: string } }[] }): string[] =>
  exchanges.map(({ request }) => request.url);

describe('--passthrough', () => {
  it('leaves a host unread and says so; others are read', async () => {
    const { authority } = scene();
    const own = ['--cacert', authority.file];
    const urls = ['https://origin.test/random/1000/unread', 'http://origin.test/random/10/plain'];
    const { stdout, journal, summary } = await run(
      'passthrough',
      ['--passthrough', 'origin.test'],
      [...curl, ...own, ...urls, '-o', '/dev/null'],
    );
    expect(stdout).toBe('200\n200\n');
    expect(urlsOf(journal).filter((url) => url.startsWith('https:'))).toEqual([]);
    const [passed] = journal.of('passed-through');
    expect(passed).toMatchObject({ reason: 'passthrough-option' });
    const closed = journal.of('connection-closed').find(({ id }) => id === passed?.connectionId);
    expect(closed?.bytesIn).toBeGreaterThan(1000);
    expect(journal.of('run-finished')[0]?.completeness.verdict).toBe('incomplete');
    expect(summary).toMatch(/tunnelled unread|not read/);
    expect(summary).toContain('origin.test');
  });

  it('knows suffixes, and means no other host', async () => {
    const { authority } = scene();
    const read = await run(
      'suffix',
      ['--passthrough', '*.origin.test'],
      [...curl, 'https://origin.test/random/10'],
    );
    expect(urlsOf(read.journal)).toEqual(['https://origin.test/random/10']);
    const unread = await run(
      'suffix-2',
      ['--passthrough=*.test'],
      [...curl, '--cacert', authority.file, 'https://origin.test/random/10'],
    );
    expect([unread.stdout, urlsOf(unread.journal)]).toEqual(['200\n', []]);
  });
});

describe('loopback', () => {
  let local: Listening;
  beforeAll(async () => {
    local = await listenOnLoopback(createServer((_, response) => response.end('local')));
  });
  afterAll(() => local.close());

  it.each(['127.0.0.1', 'localhost'])('is reached directly by way of %s', async (host) => {
    const { stdout, journal } = await run(`direct-${host}`, [], [...curl, `http://${host}:${local.port}/`]);
    expect([stdout, journal.exchanges]).toEqual(['200\n', []]);
  });

  it.each([
    ['curl', (url: string) => [...curl, url]],
    ['node', (url: string) => [process.execPath, '-e', `fetch('${url}').then((r) => console.log(r.status))`]],
    [
      'python',
      (url: string) => ['python3', '-c', `import urllib.request as u; print(u.urlopen('${url}').status)`],
    ],
  ])('is audited for %s with --include-local', async (client, command) => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `http://${host}:${local.port}/`;
      const { stdout, journal } = await run(`local-${client}-${host}`, ['--include-local'], command(url));
      expect([stdout, urlsOf(journal)]).toEqual(['200\n', [url]]);
    }
  });
});

describe('--resolve', () => {
  it('dials elsewhere; the name stays in the URL, in TLS and in the Host header', async () => {
    const { origin } = scene();
    const before = origin.log.length;
    const rule = `--resolve=origin.test:9999=127.0.0.1:${origin.ports.https}`;
    const { stdout, journal } = await run('resolve', [rule], [...curl, 'https://origin.test:9999/random/10']);
    expect(stdout).toBe('200\n');
    expect(urlsOf(journal)).toEqual(['https://origin.test:9999/random/10']);
    expect(origin.log.at(before)?.host).toBe('origin.test:9999');
    expect(origin.connections.at(-1)?.sni).toBe('origin.test');
  });
});

describe('a client that refuses our CA', () => {
  it('is told with its name, the cause and what mends it; the command sees its own error', async () => {
    const { directory } = scene();
    const other = createAuthority(directory, 'another-authority');
    const command = ['curl', '-sS', '--cacert', other.file, 'https://origin.test/random/10'];
    const { result, summary, journal } = await run('refusing', [], command);
    expect(result.code).toBe(60);
    expect(journal.exchanges).toEqual([]);
    const [failure, ...others] = journal.of('tls-failed');
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ side: 'client', host: 'origin.test' });
    expect(failure?.cause).toBe('cert-rejected');
    expect(failure?.process?.name).toBe('curl');
    expect(failure?.advice).toContain('CURL_CA_BUNDLE');
    expect(summary).toContain('origin.test');
    expect(summary.replaceAll(/\s+/g, ' ')).toContain(
      'curl does not trust the audit CA: set CURL_CA_BUNDLE=',
    );
    expect(journal.of('run-finished')[0]?.completeness).toMatchObject({
      verdict: 'incomplete',
      reasons: expect.arrayContaining([
        expect.stringContaining('refused the audit CA: origin.test'),
      ]) as string[],
    });
  });

  it('does not stand in the way of one that takes it', async () => {
    const { directory } = scene();
    const other = createAuthority(directory, 'another-authority');
    const line = `curl -s --cacert '${other.file}' https://origin.test/random/1; curl -s -o /dev/null -w '%{http_code}' https://origin.test/random/2`;
    const { stdout, journal } = await run('one-of-two', [], ['sh', '-c', line]);
    expect(stdout).toBe('200');
    expect(urlsOf(journal)).toEqual(['https://origin.test/random/2']);
    expect(journal.of('tls-failed')).toHaveLength(1);
  });
});

describe('the process that asked', () => {
  it('is named with its exchanges', async () => {
    const urls = ['https://origin.test/slow/150/10', 'http://origin.test/slow/150/10'];
    const { journal } = await run('process', [], [...curl, urls[0] ?? '', '-o', '/dev/null', urls[1] ?? '']);
    expect(journal.exchanges.map(({ process }) => process?.name)).toEqual(['curl', 'curl']);
    expect(journal.exchanges[0]?.process?.command.slice(0, 2)).toEqual(['curl', '-sS']);
  });
});

describe('a proxaudit within another', () => {
  it('records by itself, dials what --resolve names without the outer one, and leaves it the summary', async () => {
    const { directory, user, options } = scene();
    const inner = join(directory, 'inner.jsonl');
    const urls = ['https://origin.test/random/10', 'http://origin.test/random/20'];
    const command = [...curl, urls[0] ?? '', '-o', '/dev/null', urls[1] ?? ''];
    const nested = [process.execPath, executable, '-o', inner, ...options, '--', ...command];
    const { result, stdout, summary } = await run('outer', [], nested);
    expect([result.code, stdout]).toEqual([0, '200\n200\n']);
    expect((await checkJournal(inner)).code).toBe(0);
    const told = readJournal(inner);
    expect(urlsOf(told)).toEqual(urls);
    expect(told.exchanges.map(({ upstreamProxy }) => upstreamProxy)).toEqual([undefined, undefined]);
    expect(told.of('blind-spot')).toEqual([]);
    expect(summary.match(/─── proxaudit/g)).toHaveLength(1);
    expect(user.trustDirectories()).toEqual([]);
    const shown = [process.execPath, executable, '--summary=always', '-o', inner, '--', 'true'];
    expect((await run('shown', [], shown)).summary.match(/─── proxaudit/g)).toHaveLength(2);
  });

  it('passes the exit status through both', async () => {
    const { result } = await run(
      'both',
      [],
      [process.execPath, executable, '--', 'sh', '-c', 'kill -TERM $$'],
    );
    expect(result.code).toBe(143);
  });
});

describe.skipIf(process.getuid?.() !== 0)('another user of the machine (needs root)', () => {
  it('is turned away, while the command’s own other users are not', async () => {
    const { user, options, directory, origin } = scene();
    const journal = join(directory, 'users.jsonl');
    const line =
      'echo "$http_proxy" >address; echo up; read -r go; setpriv --reuid=65534 --regid=65534 --clear-groups curl -s -o /dev/null -w "%{http_code}\\n" http://origin.test/random/10/within';
    const running = startProgram(
      [process.execPath, executable, '-q', '-o', journal, ...options, '--', 'sh', '-c', line],
      {
        env: user.env,
        cwd: directory,
        keepStdin: true,
      },
    );
    await running.prints('up');
    const address = readFileSync(join(directory, 'address'), 'utf8').trim();
    const before = origin.log.length;
    const stranger = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      'env',
      '-i',
      `PATH=${process.env['PATH']}`,
    ];
    const outside = startProgram([
      ...stranger,
      'curl',
      '-sS',
      '-x',
      address,
      'http://origin.test/random/10/outside',
    ]);
    const refused = await outside.ended;
    expect(refused.status, refused.stderr.toString()).not.toBe(0);
    expect(refused.stdout.toString()).toBe('');
    expect(origin.log.length).toBe(before);
    running.process.stdin?.end('go\n');
    const { stdout, status } = await running.ended;
    expect([stdout.toString(), status]).toEqual(['up\n200\n', 0]);
    expect(urlsOf(readJournal(journal))).toEqual(['http://origin.test/random/10/within']);
  });
});
