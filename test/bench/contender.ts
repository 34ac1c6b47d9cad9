import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export type ContenderName = 'direct' | 'relay' | 'pipe' | 'mitmdump' | 'goproxy' | 'proxaudit';

/** A client's argv, made from the address (`scheme://host:port`) at which it must ask. */
type ClientCommand = (base: string) => readonly string[];

export interface Launched {
  readonly child: ChildProcess;
  /** The proxy's process; undefined without one. */
  readonly proxyPid: number | undefined;
}

/** One way from a load client to the bench's origin. */
export interface Contender {
  readonly name: ContenderName;
  launch(client: ClientCommand): Launched;
}

export interface ClientOutput {
  readonly stdout: string;
  readonly durationMs: number;
}

/** Starts a client with stdin and stdout piped; the environment is ours plus `env`. */
export function spawnClient(argv: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): ChildProcess {
  const [command = '', ...args] = argv;
  return spawn(command, args, { env: { ...withoutProxies(), ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Waits for a launched client. Rejects with the end of its stderr when it failed. */
export async function finish({ child }: Pick<Launched, 'child'>): Promise<ClientOutput> {
  const started = performance.now();
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`ended with ${code}: ${stderr.trim().split('\n').slice(-3).join(' | ')}`);
  return { stdout, durationMs: performance.now() - started };
}

/** Proxies of the machine must not take part. */
function withoutProxies(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  return Object.fromEntries(entries);
}
