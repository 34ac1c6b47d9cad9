import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { readJournal } from '../helpers/audit-run.ts';
import { createUser } from '../helpers/audited-user.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { createNpmPackages, tarballPath } from '../helpers/registries/npm/packages.ts';

const workspace = createWorkspace('odd-framing');
const authority = createAuthority(workspace.directory);
const user = createUser(workspace.directory, 'user');
const project = join(user.directory, 'project');
const [one] = createNpmPackages(1) as [ReturnType<typeof createNpmPackages>[number]];
let origin: Listening;

/** Two lengths, of which clients take the chunks. */
function answerOddly(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n');
  socket.write(`${one.tarball.length.toString(16)}\r\n`);
  socket.write(one.tarball);
  socket.end('\r\n0\r\n\r\n');
}

beforeAll(async () => {
  const server = createServer(authority.issue({ names: ['registry.example'] }), (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      answerOddly(socket);
    });
  });
  origin = await listenOnLoopback(server);
  mkdirSync(project, { recursive: true });
  const { name, version, integrity } = one;
  const packages = { [`node_modules/${name}`]: { version, resolved: urlOf(), integrity } };
  const lock = { name: 'project', lockfileVersion: 3, packages: { '': {}, ...packages } };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock));
});
afterAll(async () => {
  await origin.close();
  workspace.remove();
});

const urlOf = (): string => `https://registry.example:${origin.port}${tarballPath(one)}`;

async function audit(failOn: string) {
  const options = ['--upstream-ca', authority.file, '--resolve', `registry.example:${origin.port}=127.0.0.1`];
  const command = ['curl', '-sSf', '--http1.1', '-o', 'got.tgz', urlOf()];
  const args = [...options, '-o', 'run.jsonl'];
  return user.proxaudit([...args, '--fail-on', failOn, '--', ...command], { cwd: project });
}

it.each(['mismatch', 'incomplete'])(
  'an expected artifact that came so fails --fail-on %s',
  async (failOn) => {
    const result = await audit(failOn);
    expect(result.code).toBe(120);
    expect(readFileSync(join(project, 'got.tgz'))).toEqual(one.tarball);
    const journal = readJournal(join(project, 'run.jsonl'));
    expect(journal.of('artifact-recognised')).toMatchObject([
      { artifact: { verdict: 'not-comparable', reason: 'unparsed', digests: {}, name: one.name } },
    ]);
    expect(journal.exchanges).toMatchObject([
      { unparsed: { reason: 'Content-Length beside Transfer-Encoding' } },
    ]);
    const report = await user.proxaudit(['report', '--report', 'json', 'run.jsonl'], { cwd: project });
    const run = JSON.parse(report.stdout.toString()) as Run;
    expect(run.completeness.verdict).toBe('incomplete');
    expect(run.findings[0]).toMatchObject({ rule: 'not-comparable', level: 'error' });
    expect(run.blindSpots).toMatchObject([{ kind: 'unparsed', subject: urlOf() }]);
  },
);
