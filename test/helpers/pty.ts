import { spawn } from 'node:child_process';
import path from 'node:path';

export type PtyStep =
  | { expect: string }
  | { send: string }
  | { resize: [rows: number, columns: number] }
  | { sleep: number }
  | { signal: NodeJS.Signals };

export interface PtyScript {
  readonly argv: readonly string[];
  readonly steps: readonly PtyStep[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly rows?: number;
  readonly columns?: number;
  /** Seconds for the whole script. Default 30. */
  readonly timeout?: number;
  /** Descriptor → file it is redirected to; the others are the terminal. */
  readonly redirect?: Readonly<Record<string, string>>;
}

export interface PtyResult {
  readonly output: string;
  /** Exit code, when it ended by itself. */
  readonly status?: number;
  /** Number of the signal that ended it. */
  readonly signal?: number;
  /** Whether the terminal echoes at the end. */
  readonly echo: boolean;
}

/** Ctrl-C, Ctrl-Z and the like as the terminal gets them. */
export const keys = { interrupt: '\x03', suspend: '\x1a', quit: '\x1c', endOfFile: '\x04' } as const;

const driver = path.resolve(import.meta.dirname, '../fixtures/pty-drive.py');

/** Plays the script on a program in a new pseudo-terminal. Rejects with what was on the screen when a step fails. */
export async function runInPty(script: PtyScript): Promise<PtyResult> {
  const python = spawn('python3', [driver], { stdio: ['pipe', 'pipe', 'inherit'] });
  python.stdin.end(JSON.stringify(script));
  const chunks: Buffer[] = [];
  for await (const chunk of python.stdout) chunks.push(chunk as Buffer);
  const { failed, ...result } = JSON.parse(Buffer.concat(chunks).toString()) as PtyResult & {
    failed: { step: number; why: string; rest: string } | null;
  };
  if (failed !== null) {
    const step = JSON.stringify(script.steps[failed.step] ?? 'end');
    throw new Error(
      `Step ${failed.step} (${step}): ${failed.why}.\nSince the last match:\n${failed.rest}\nAll:\n${result.output}`,
    );
  }
  return result;
}
