import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('protocols');
let origin: Origin;
let audited: AuditedProxy;
let authorityFile: string;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  authorityFile = authority.file;
  origin = await startOrigin(authority);
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authorityFile,
    resolve: {
      'origin.test:80': origin.ports.http,
      'origin.test:443': origin.ports.https,
      'origin.test:8443': origin.ports.https1,
    },
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

interface Way {
  readonly name: string;
  readonly base: string;
  readonly flags: readonly string[];
  readonly version: string;
}

const ways: readonly Way[] = [
  { name: 'plain HTTP', base: 'http://origin.test', flags: [], version: '1.1' },
  { name: 'plain HTTP/1.0', base: 'http://origin.test', flags: ['--http1.0'], version: '1.0' },
  { name: 'HTTP in a tunnel', base: 'http://origin.test', flags: ['--proxytunnel'], version: '1.1' },
  { name: 'HTTPS, HTTP/1.1', base: 'https://origin.test', flags: ['--http1.1'], version: '1.1' },
  { name: 'HTTPS, HTTP/2', base: 'https://origin.test', flags: ['--http2'], version: '2' },
  {
    name: 'HTTPS, upstream without HTTP/2',
    base: 'https://origin.test:8443',
    flags: ['--http2'],
    version: '1.1',
  },
  { name: 'SOCKS5', base: 'https://origin.test', flags: ['socks'], version: '2' },
];

async function curl(way: Way, path: string, extra: readonly string[] = []) {
  const isSocks = way.flags.includes('socks');
  const proxy = isSocks ? audited.url.replace('http', 'socks5h') : audited.url;
  const through = ['--proxy', proxy, '--cacert', audited.caFile];
  const direct = [
    ...['--resolve', `origin.test:80:127.0.0.1`, '--noproxy', '*', '--cacert', authorityFile],
    ...[80, 443, 8443].flatMap((port) => {
      const to = { 80: origin.ports.http, 443: origin.ports.https, 8443: origin.ports.https1 }[port];
      return ['--connect-to', `origin.test:${port}:127.0.0.1:${to}`];
    }),
  ];
  const flags = way.flags.filter((flag) => flag !== 'socks');
  const argv = ['curl', '-sS', '-i', '--max-time', '30', ...flags, ...extra, `${way.base}${path}`];
  const plain = flags.filter((flag) => flag !== '--proxytunnel');
  const [withProxy, without] = [
    await runCommand([...argv, ...through, '--suppress-connect-headers']),
    await runCommand([
      'curl',
      '-sS',
      '-i',
      '--max-time',
      '30',
      ...plain,
      ...extra,
      `${way.base}${path}`,
      ...direct,
    ]),
  ];
  return { withProxy, without };
}

/** What may differ between two answers of the same route, and what belongs to the connection. */
function normalize(output: Buffer): string {
  const text = output.toString('latin1');
  const end = text.lastIndexOf('\r\n\r\nHTTP/') >= 0 ? -1 : text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const kept = head
    .split('\r\n')
    // A proxy speaks its own version of HTTP/1 to each side (RFC 9110 2.5).
    .map((line) => line.replace(/^HTTP\/1\.0 /, 'HTTP/1.1 '))
    .filter((line) => !/^(?:date|connection|keep-alive|transfer-encoding|proxy-connection):/i.test(line));
  return [...kept, end < 0 ? '' : text.slice(end)].join('\n');
}

const routes = [
  '/random/0/a',
  '/random/1/b',
  '/random/70000/c',
  '/chunked/50000/d',
  '/stream/3000000/e',
  '/close-delimited/40000/f',
  '/gzip/20000/g',
  '/br/20000/h',
  '/deflate/20000/i',
  '/zstd/20000/j',
  '/gzip-br/20000/k',
  '/deflate-raw',
  '/corrupt-gzip',
  '/unknown-coding',
  '/status/204',
  '/status/304',
  '/status/404',
  '/status/500',
  '/duplicate-headers',
  '/set-cookies',
  '/trailers',
  '/early-hints',
];

describe.each(ways)('$name', (way) => {
  it.each(way.version === '1.0' ? routes.filter((route) => !/trailers|early-hints/.test(route)) : routes)(
    '%s is the same with and without the proxy, and recorded',
    async (path) => {
      const marked = `${path}?way=${encodeURIComponent(way.name)}`;
      const before = origin.log.length;
      const { withProxy, without } = await curl(way, marked);
      expect(withProxy.stderr).toBe(without.stderr);
      expect(withProxy.code).toBe(without.code);
      expect(normalize(withProxy.stdout)).toBe(normalize(without.stdout));

      await origin.settled();
      const seen = origin.log.slice(before).filter((observed) => observed.path === marked);
      expect(seen).toHaveLength(2);
      // A client has its last byte before a decoded digest is finished.
      await expect.poll(() => audited.exchanges(marked)).toHaveLength(1);
      const exchanges = audited.exchanges(marked);
      const [exchange] = exchanges;
      expect(exchange?.request.httpVersion).toBe(way.version);
      expect(exchange?.response?.status).toBe(seen[0]?.status);
      expect(exchange?.response?.body.complete).toBe(true);
      expect(exchange?.response?.body.size).toBe(seen[0]?.responseBody.size);
      expect(exchange?.response?.body.sha256).toBe(seen[0]?.responseBody.sha256);
      expect(exchange?.error).toBeNull();
    },
  );

  it('uploads are the same, with length and chunked, and their digests recorded', async () => {
    const body = 'x'.repeat(100_000);
    const digest = createHash('sha256').update(body).digest('hex');
    for (const [index, headers] of [[], ['-H', 'Transfer-Encoding: chunked'], ['-H', 'Expect:']].entries()) {
      if (way.version === '1.0' && index === 1) continue;
      const path = `/echo?upload=${index}&way=${encodeURIComponent(way.name)}`;
      const { withProxy, without } = await curl(way, path, ['--data-binary', body, ...headers]);
      const asOrigin = (output: Buffer) =>
        normalize(output).replace('"httpVersion":"1.0"', '"httpVersion":"1.1"');
      expect(asOrigin(withProxy.stdout)).toBe(asOrigin(without.stdout));
      expect(withProxy.stdout.toString()).toContain(digest);
      expect(audited.exchanges(path)[0]?.request.body).toEqual({ size: 100_000, sha256: digest });
    }
  });

  it('HEAD, Range and conditional requests are the same', async () => {
    for (const [path, flags] of [
      ['/head/5000/x', ['-I']],
      ['/range/10000/y', ['-r', '100-299']],
      ['/range/10000/y', ['-r', '99999-']],
    ] as const) {
      const { withProxy, without } = await curl(way, path, flags);
      expect(normalize(withProxy.stdout)).toBe(normalize(without.stdout));
    }
    const head = audited.exchanges('/head/5000/x').at(-1);
    expect(head?.response?.body).toEqual({ size: 0, complete: true });
  });
});

describe('content codings', () => {
  it('are passed untouched and their decoded digest is computed aside', async () => {
    const way = ways[3] as Way;
    const digestOf = async (coding: string) => {
      const { without } = await curl(way, `/${coding}/30000/same`, [
        '--compressed',
        '-o',
        '-',
        '--no-include',
      ]);
      return createHash('sha256').update(without.stdout).digest('hex');
    };
    for (const coding of ['gzip', 'br', 'deflate', 'zstd']) {
      const expected = await digestOf(coding);
      const decoded = audited.exchanges(`/${coding}/30000/same`).at(-1)?.response?.body.decoded;
      expect(decoded, coding).toEqual({ size: 30_000, sha256: expected });
    }
  });

  it('that lie give no decoded digest, and the body still passes', () => {
    expect(audited.exchanges('/corrupt-gzip')[0]?.response?.body).not.toHaveProperty('decoded');
    expect(audited.exchanges('/unknown-coding')[0]?.response?.body).not.toHaveProperty('decoded');
    expect(audited.exchanges('/deflate-raw')[0]?.response?.body.decoded?.size).toBe(1000);
  });
});
