import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRunCa } from '../../src/certificates/run-ca.ts';
import { peerCache } from './peer-cache.ts';
import { startProgram, type RunningProgram } from './start-program.ts';

const run = promisify(execFile);
const version = 'v1.9.2';

/** Path of the program that `source` makes with goproxy, built by Go the first time. */
export async function buildGoproxy(source: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const directory = join(peerCache(), `goproxy-${version}-${digest}`);
  const program = join(directory, 'goproxy');
  if (existsSync(program)) return program;
  mkdirSync(directory, { recursive: true });
  copyFileSync(source, join(directory, 'main.go'));
  writeFileSync(join(directory, 'go.mod'), 'module bench\n\ngo 1.21\n');
  const go = (...args: string[]) => run('go', args, { cwd: directory, timeout: 300_000 });
  await go('get', `github.com/elazarl/goproxy@${version}`);
  await go('build', '-o', 'goproxy', '.');
  return program;
}

/** A running goproxy; it announces `ca`, what its clients must trust. */
export async function startGoproxy({
  program,
  directory,
  upstreamCa,
}: {
  readonly program: string;
  readonly directory: string;
  readonly upstreamCa: string;
}): Promise<RunningProgram> {
  const { certPem, keyPem } = createRunCa('goproxy');
  const cert = join(directory, 'goproxy-ca.pem');
  const key = join(directory, 'goproxy-key.pem');
  writeFileSync(cert, certPem);
  writeFileSync(key, keyPem, { mode: 0o600 });
  const running = await startProgram([program, cert, key, upstreamCa, join(directory, 'goproxy.jsonl')]);
  return { ...running, announced: { ...running.announced, ca: cert } };
}
