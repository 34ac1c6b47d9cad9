import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readJournal } from '../helpers/audit-run.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('on-refusal');
const URL = 'https://origin.test/random/1000/unread';

async function run(name: string, options: readonly string[], command: readonly string[]) {
  const { user, directory, options: given } = scene();
  const file = join(directory, `${name}.jsonl`);
  const result = await user.proxaudit(['-o', file, ...given, ...options, '--', ...command]);
  const journal = readJournal(file);
  return { result, stdout: result.stdout.toString(), journal, passed: journal.of('passed-through') };
}

/** Pins the origin's own CA, which is not ours, and asks again after a failure. */
const pinnedCurl = (...more: string[]): string[] => [
  ...['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', scene().authority.file],
  ...['--retry', '2', '--retry-all-errors', '--retry-delay', '1', ...more, URL],
];

it.each(['--http1.1', '--http2'])('a client that retries passes unread: curl %s', async (version) => {
  const { result, stdout, journal, passed } = await run(
    `curl${version}`,
    ['--on-refusal', 'tunnel'],
    pinnedCurl(version),
  );
  expect([result.code, stdout]).toEqual([0, '200']);
  expect(passed).toMatchObject([{ reason: 'ca-refused', protocol: 'tls' }]);
  const [refused] = journal.of('tls-failed');
  expect(refused).toMatchObject({ host: 'origin.test', side: 'client', cause: 'cert-rejected' });
  expect(refused?.seq).toBeLessThan(passed[0]?.seq ?? 0);
  expect(journal.exchanges).toEqual([]);
  const completeness = journal.of('run-finished')[0]?.completeness;
  expect(completeness?.verdict).toBe('incomplete');
  expect(completeness?.reasons.join()).toContain('1 connection tunnelled unread: origin.test');
});

it('without the option it fails, each time, with advice', async () => {
  const { result, journal, passed } = await run('fail', [], pinnedCurl());
  expect(result.code).toBe(60);
  expect(passed).toEqual([]);
  expect(journal.of('tls-failed')).toHaveLength(3);
});

it('another process of the same run, and another host, are read; the one that refused is not', async () => {
  const pinned = pinnedCurl()
    .map((word) => `'${word}'`)
    .join(' ');
  const script = `curl -s -o /dev/null ${URL}; ${pinned}; curl -s -o /dev/null ${URL}`;
  const { journal, passed } = await run('others', ['--on-refusal=tunnel'], ['sh', '-c', script]);
  expect(journal.exchanges.map(({ response }) => response?.status)).toEqual([200, 200]);
  expect(passed).toHaveLength(1);
});

it('a Node program that pins and says nothing when it refuses passes with its second connection', async () => {
  const file = join(scene().directory, 'pinned.mjs');
  writeFileSync(
    file,
    `import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { request } from 'node:http';
import tls from 'node:tls';
const ca = readFileSync(process.argv[2]);
const proxy = new URL(process.env.https_proxy);
const get = () => new Promise((resolve) => {
  const tunnel = request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: 'origin.test:443', agent: false });
  tunnel.on('connect', (_, socket) => {
    const secure = tls.connect({ socket, ca: [ca], servername: 'origin.test', ALPNProtocols: ['h2'] });
    secure.on('error', (error) => resolve(error.code));
    secure.on('secureConnect', () => {
      const session = connect('https://origin.test', { createConnection: () => secure });
      const stream = session.request({ ':path': '/random/10/unread' });
      stream.on('response', (headers) => { session.destroy(); resolve(headers[':status']); });
    });
  });
  tunnel.end();
});
console.log(await get(), await get(), await get());
`,
  );
  // Without our preload, which adds the audit CA to the roots that a program names itself.
  const command = ['env', '-u', 'NODE_OPTIONS', process.execPath, file, scene().authority.file];
  const { stdout, journal, passed } = await run('node', ['--on-refusal', 'tunnel'], command);
  expect(stdout).toMatch(/^\w+ 200 200\n$/);
  expect(passed.map(({ reason }) => reason)).toEqual(['ca-refused', 'ca-refused']);
  expect(journal.of('tls-failed')).toHaveLength(1);
  const strict = await run('node-fail', [], command);
  expect(strict.stdout).toMatch(/^([A-Z_]+) \1 \1\n$/);
});
