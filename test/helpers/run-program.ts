import { spawn, type ChildProcess } from 'node:child_process';

export interface ProgramResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  readonly ended: Promise<ProgramResult>;
  /** Resolves when its stdout holds this text. */
  readonly prints: (text: string) => Promise<void>;
}

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Without it stdin is a pipe that is closed at once. */
  readonly input?: Uint8Array | string;
  /** Leaves stdin open. */
  readonly keepStdin?: boolean;
}

/** Starts a program with pipes on all three standard streams. */
export function startProgram(argv: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { env: options.env ?? process.env, cwd: options.cwd, stdio: 'pipe' });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A program may end before it has read everything.
  child.stdin.on('error', () => undefined);
  if (options.input !== undefined) child.stdin.end(options.input);
  else if (options.keepStdin !== true) child.stdin.end();
  const ended = new Promise<ProgramResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      resolve({ status, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err) });
    });
  });
  const prints = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (Buffer.concat(out).includes(text)) resolve();
      };
      child.stdout.on('data', look);
      child.once('close', () => {
        reject(
          new Error(`It ended before it printed ${text}: ${Buffer.concat([...out, ...err]).toString()}`),
        );
      });
      look();
    });
  return { process: child, ended, prints };
}

export function runProgram(argv: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return startProgram(argv, options).ended;
}
