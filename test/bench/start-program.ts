import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that serves until it is stopped. */
export interface RunningProgram {
  readonly pid: number;
  readonly port: number;
  /** All that its first line said. */
  readonly announced: Readonly<Record<string, unknown>>;
  stop(): void;
}

/** Starts `argv` and waits for its first line, a JSON object with its port. Rejects when it ends before that. */
export function startProgram(argv: readonly string[]): Promise<RunningProgram> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${argv.slice(0, 2).join(' ')} ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const announced = JSON.parse(line) as Record<string, unknown>;
      resolve({ pid: child.pid ?? 0, port: Number(announced['port']), announced, stop: () => stop(child) });
    });
  });
}

function stop(child: ChildProcess): void {
  child.stdin?.end();
  child.kill();
}
