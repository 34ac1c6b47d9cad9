import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { createPackument, createZip } from '../helpers/hostile/bodies.ts';
import { runProgram } from '../helpers/run-program.ts';

const files = Array.from({ length: 65_000 }, (_, index) => `forge.example/mod@v1.0.0/${index}`);
const bodies: Readonly<Record<string, { readonly type: string; readonly body: () => Buffer }>> = {
  '/large': { type: 'application/json', body: () => createPackument(12_000_000, 500) },
  '/opaque/7': {
    type: 'application/octet-stream',
    body: () => Buffer.from('other bytes than those of the index'),
  },
  '/forge.example/mod/@v/v1.0.0.zip': {
    type: 'application/zip',
    body: () => createZip(files, Buffer.from('x')),
  },
};

let directory: string;
let server: Server;
let origin: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-hostile-size-'));
  server = createServer((request, response) => {
    const found = bodies[request.url ?? ''];
    response.setHeader('content-type', found?.type ?? 'text/plain');
    const text = found?.body() ?? Buffer.alloc(0);
    // The packument names this origin's own files.
    response.end(
      request.url === '/large' ? text.toString().replaceAll('http://127.0.0.1/', `${origin}/`) : text,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

async function audit(paths: readonly string[], options: readonly string[] = []) {
  const report = join(directory, 'report.json');
  const journal = join(directory, 'journal.jsonl');
  rmSync(journal, { force: true });
  const own = ['--include-local', '-o', journal, '--report', `json=${report}`, ...options, '--'];
  const urls = paths.flatMap((path) => ['-o', '/dev/null', `${origin}${path}`]);
  const { status, stderr } = await runProgram([
    ...[process.execPath, 'bin/proxaudit.js', ...own, 'curl', '-sS'],
    ...urls,
  ]);
  return { status, stderr: stderr.toString(), run: JSON.parse(readFileSync(report, 'utf8')) as Run };
}

it('a packument of 12 MB says what the bytes of its files must be', async () => {
  const { status, run } = await audit(['/large', '/opaque/7']);
  expect(status).toBe(0);
  expect(run.artifacts).toMatchObject([
    { purl: 'pkg:npm/large@1.0.7', identifiedBy: 'index', verdict: 'mismatch' },
  ]);
  expect(run.blindSpots).toEqual([]);
});

it('an archive of very many files does not hold up the end, and is said not to be examined', async () => {
  const path = '/forge.example/mod/@v/v1.0.0.zip';
  const reason = 'the run ended before it was read';
  const { status, stderr, run } = await audit([path], ['--drain', '0.1', '--fail-on', 'incomplete']);
  expect(run.artifacts).toMatchObject([{ name: 'forge.example/mod', notExamined: reason }]);
  expect(run.blindSpots).toMatchObject([
    { kind: 'not-examined', subject: `${origin}${path}`, advice: reason },
  ]);
  expect(stderr).toContain('not looked into');
  expect(status).toBe(120);
});
