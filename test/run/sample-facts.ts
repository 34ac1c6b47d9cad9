import type { Fact, FactOf } from '../../src/model/events.ts';

export const runStarted: FactOf<'run-started'> = {
  type: 'run-started',
  runId: '20261121T013753Z-042f2e',
  tool: { name: 'proxaudit', version: '0.1.0' },
  command: ['npm', 'ci'],
  cwd: '/home/somebody/shop',
  capture: 'env',
  host: { platform: 'linux', release: '6.8.0', arch: 'x64', node: '20.20.2' },
  configDigest: '0'.repeat(64),
};

export const runFinished: FactOf<'run-finished'> = {
  type: 'run-finished',
  exit: { kind: 'code', code: 0 },
  completeness: { verdict: 'proxied-only', reasons: [] },
  counts: { connections: 0, exchanges: 0, failed: 0, bytesIn: 0, bytesOut: 0 },
  head: '',
};

/** Both facts of an exchange that went well. */
export function exchange(id: string, url = 'https://registry.example/left-pad', size = 1_000): [Fact, Fact] {
  const request = { method: 'GET', url, httpVersion: '1.1', headers: { accept: '*/*' } };
  return [
    { type: 'exchange-started', id, connectionId: 'c1', request },
    {
      type: 'exchange-completed',
      id,
      connectionId: 'c1',
      request: { ...request, body: { size: 0 } },
      response: {
        status: 200,
        by: 'upstream',
        httpVersion: '1.1',
        headers: { 'content-type': 'text/plain' },
        body: { size, complete: true, sha256: 'a'.repeat(64) },
      },
      error: null,
      decision: { action: 'allow', rule: 'default', reason: 'no policy' },
      process: { pid: 4242, name: 'node', command: ['node', 'npm', 'ci'] },
      timings: { start: 0, dns: 1.25, end: 20.5 },
    },
  ];
}

/** The chunks of bytes that a journal reader is fed. */
export async function* chunksOf(bytes: Uint8Array | string, size = 65_536): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.from(bytes as Uint8Array);
  for (let start = 0; start < buffer.length; start += size) yield buffer.subarray(start, start + size);
  await Promise.resolve();
}
