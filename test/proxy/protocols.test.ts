import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import {
  curlDirect,
  curlThrough,
  normalizeResponse,
  resolveOrigin,
  ways,
  type Way,
} from '../helpers/curl.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('protocols');
const authority = createAuthority(workspace.directory);
let origin: Origin;
let audited: AuditedProxy;

beforeAll(async () => {
  origin = await startOrigin(authority);
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: resolveOrigin(origin),
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

async function curl(way: Way, path: string, extra: readonly string[] = []) {
  const argv = ['-i', ...extra, `${way.base}${path}`];
  return {
    withProxy: await curlThrough({ origin, audited, authority }, way, argv),
    without: await curlDirect({ origin, audited, authority }, way, argv),
  };
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
      expect(normalizeResponse(withProxy.stdout)).toBe(normalizeResponse(without.stdout));

      await origin.settled();
      const seen = origin.log.slice(before).filter((observed) => observed.path === marked);
      expect(seen).toHaveLength(2);
      // A client has its last byte before a decoded digest is finished.
      await expect.poll(() => audited.exchanges(marked)).toHaveLength(1);
      const exchanges = audited.exchanges(marked);
      const [exchange] = exchanges;
      expect(exchange?.request.httpVersion).toBe(way.version);
      expect(exchange?.response?.status).toBe(seen[0]?.status);
      // Over TLS anybody can end a connection.
      const isOpenEnded =
        path.startsWith('/close-delimited') && way.base.startsWith('https:') && way.version !== '2';
      expect(exchange?.response?.body.complete).toBe(isOpenEnded ? 'unknown' : true);
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
      expect(normalizeResponse(withProxy.stdout)).toBe(normalizeResponse(without.stdout));
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
      expect(normalizeResponse(withProxy.stdout)).toBe(normalizeResponse(without.stdout));
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
