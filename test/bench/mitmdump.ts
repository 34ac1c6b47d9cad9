import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { refusedPort } from '../helpers/origin/listening.ts';
import { peerCache } from './peer-cache.ts';
import type { RunningProgram } from './start-program.ts';

const run = promisify(execFile);
const venv = join(peerCache(), 'mitmproxy');

/** Path of mitmdump in the bench's own virtual environment, installed there by pip the first time. */
export async function installMitmdump(): Promise<string> {
  const program = join(venv, 'bin', 'mitmdump');
  if (existsSync(program)) return program;
  await run('python3', ['-m', 'venv', venv]);
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', 'mitmproxy'], { timeout: 300_000 });
  return program;
}

export interface MitmdumpOptions {
  readonly program: string;
  /** Its configuration and its CA go here. */
  readonly directory: string;
  readonly upstreamCa: string;
}

/** A running mitmdump; it announces `ca`, what its clients must trust. Bodies over 1 MB are streamed, as ours are. */
export async function startMitmdump(options: MitmdumpOptions): Promise<RunningProgram> {
  const port = await refusedPort(createServer());
  const settings = {
    confdir: options.directory,
    ssl_verify_upstream_trusted_ca: options.upstreamCa,
    stream_large_bodies: '1m',
    connection_strategy: 'lazy',
    flow_detail: '0',
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const args = ['-q', '--listen-host', '127.0.0.1', '--listen-port', String(port), ...set];
  const child = spawn(options.program, args, { stdio: 'ignore' });
  const ca = join(options.directory, 'mitmproxy-ca-cert.pem');
  for (let turn = 0; turn < 200 && !existsSync(ca); turn += 1) await sleep(100);
  if (!existsSync(ca) || child.exitCode !== null) throw new Error('mitmdump did not start');
  await sleep(500);
  return { pid: child.pid ?? 0, port, announced: { ca }, stop: () => void child.kill() };
}
