import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Leaf } from '../origin/authority.ts';
import { runCommand } from '../origin/run-command.ts';
import { ownEnvironment } from '../registries/client-environment.ts';
import { programOf, type ToolPackage } from '../tools/install-tool.ts';

const program = resolve('test/fixtures/programs/grpc-peer.py');

/** gRPC's C core for Python. */
export const grpcCore: ToolPackage = { from: 'pypi', name: 'grpcio', version: '1.85.1' };
const python = programOf(grpcCore, 'python');

export interface CorePorts {
  readonly secure: number;
  readonly plain: number;
  readonly close: () => void;
}

/** Starts the C core's server of the probe service. */
export async function startCoreServer(leaf: Leaf, directory: string): Promise<CorePorts> {
  const files = { key: join(directory, 'core-key.pem'), cert: join(directory, 'core-cert.pem') };
  writeFileSync(files.key, leaf.key, { mode: 0o600 });
  writeFileSync(files.cert, leaf.cert);
  const server = spawn(python, [program, 'serve', files.key, files.cert], {
    env: ownEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const [secure = 0, plain = 0] = JSON.parse(line.toString()) as number[];
  return { secure, plain, close: () => server.stdin.end() };
}

export interface CoreCall {
  /** `host:port`. */
  readonly address: string;
  /** Undefined: plain. */
  readonly rootsFile: string | undefined;
  /** The proxy's URL; undefined: direct. */
  readonly proxy: string | undefined;
}

/** Makes all calls of the C core's client, and returns what each came to. */
export async function callWithCore(call: CoreCall): Promise<Record<string, unknown>[]> {
  const { address, rootsFile, proxy } = call;
  const env = ownEnvironment();
  for (const name of ['http_proxy', 'https_proxy', 'grpc_proxy', 'no_proxy', 'no_grpc_proxy']) {
    delete env[name];
    delete env[name.toUpperCase()];
  }
  if (proxy !== undefined) env['grpc_proxy'] = proxy;
  if (rootsFile !== undefined) env['GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'] = rootsFile;
  const argv = [python, program, 'call', address, ...(rootsFile === undefined ? ['plain'] : [])];
  const { code, stdout, stderr } = await runCommand(argv, { env });
  if (code !== 0) throw new Error(`the calls ended with ${code}: ${stderr}`);
  const lines = stdout.toString().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
