import { createHash } from 'node:crypto';
import type { RecordFact } from '../../src/model/events.ts';
import type { Process } from '../../src/model/exchange.ts';
import { openJournal } from '../../src/run/index.ts';

const PROCESSES = 50;
/** One artifact for so many exchanges. */
const PER_ARTIFACT = 4.5;
const headers = { accept: '*/*', 'user-agent': 'npm/10.8.2 node/v20.20.2 linux x64 workspaces/false' };
const body = { size: 30_000, complete: true };

/** Writes a journal of about `lines` lines, of which one in ten is another package that a lockfile has. */
export function writeLargeJournal(file: string, lines: number): void {
  const { record, head, close } = openJournal({ file });
  record({
    type: 'run-started',
    runId: '20261121T020000Z-000000',
    tool: { name: 'proxaudit', version: '0.0.0' },
    command: ['npm', 'ci'],
    cwd: '/home/somebody/project',
    capture: 'env',
    host: { platform: 'linux', release: '6.1.0', arch: 'x64', node: '20.20.2' },
    configDigest: digest('sha256', 'options'),
  });
  const exchanges = Math.floor((lines - 2) / (2 + 1 / PER_ARTIFACT));
  for (let index = 0; index < exchanges; index += 1) {
    recordExchange(record, index);
    if (Math.floor((index + 1) / PER_ARTIFACT) > Math.floor(index / PER_ARTIFACT))
      recordArtifact(record, index);
  }
  record({
    type: 'run-finished',
    exit: { kind: 'code', code: 0 },
    completeness: { verdict: 'proxied-only', reasons: [] },
    counts: { connections: 0, exchanges, failed: 0, bytesIn: 0, bytesOut: 0 },
    head: head(),
  });
  close();
}

function recordExchange(record: RecordFact, index: number): void {
  const id = `x${index + 1}`;
  const connectionId = `c${(index % 15) + 1}`;
  const request = { method: 'GET', url: urlOf(index), httpVersion: '1.1', headers };
  record({ type: 'exchange-started', id, connectionId, request });
  record({
    type: 'exchange-completed',
    id,
    connectionId,
    request: { ...request, body: { size: 0 } },
    response: {
      status: 200,
      by: 'upstream',
      httpVersion: '1.1',
      headers: { 'content-type': 'application/octet-stream', 'content-length': '30000' },
      body: { ...body, sha256: digest('sha256', String(index)) },
    },
    error: null,
    decision: { action: 'allow', rule: 'default', reason: 'no policy' },
    process: processOf(index),
    timings: { start: 0, dns: 1, connect: 3, tls: 9, firstByte: 15, end: 20 },
  });
}

function recordArtifact(record: RecordFact, index: number): void {
  const sha512 = digest('sha512', String(index));
  const [name, version] = [`package-${index}`, `1.${index % 100}.0`];
  record({
    type: 'artifact-recognised',
    artifact: {
      id: `a${index}`,
      class: 'package',
      ecosystem: 'npm',
      purl: `pkg:npm/${name}@${version}`,
      name,
      version,
      fileName: `${name}-${version}.tgz`,
      urls: [urlOf(index)],
      direction: 'fetched',
      digests: { sha256: digest('sha256', String(index)), sha512 },
      size: body.size,
      identifiedBy: 'path',
      expected: [
        {
          source: 'lockfile',
          from: 'package-lock.json',
          line: index * 10 + 12,
          algorithm: 'sha512',
          value: sha512,
          result: 'match',
        },
      ],
      verdict: 'locked',
      exchangeIds: [`x${index + 1}`],
      process: processOf(index),
    },
  });
}

const urlOf = (index: number): string =>
  `https://registry-${index % 7}.example/package-${index}/-/package-${index}-1.${index % 100}.0.tgz`;

function processOf(index: number): Process {
  const pid = 4000 + (index % PROCESSES);
  const parents = [{ pid: 100, name: 'npm', command: ['npm', 'ci'] }];
  return { pid, name: 'node', command: ['node', 'install.js', String(pid)], cwd: '.', parents };
}

const digest = (algorithm: string, of: string): string => createHash(algorithm).update(of).digest('hex');
