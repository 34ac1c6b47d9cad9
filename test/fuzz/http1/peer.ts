import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FuzzCase, FuzzReading } from './reading.ts';

interface PeerReading {
  /** Texts are base64. */
  readonly messages: readonly { start: string; body: string; complete: boolean }[];
  readonly stop: FuzzReading['stop'];
}

/** A reader in another language: a process that answers lines of JSON with such lines. */
export class Peer {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: readonly [string, ...string[]]) {
    this.name = name;
    const [program, ...args] = command;
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error(`${name} has no output`);
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async read(cases: readonly FuzzCase[]): Promise<FuzzReading[]> {
    const lines = cases.map(({ kind, methods, bytes }) =>
      JSON.stringify({ kind, methods, bytes: bytes.toString('base64') }),
    );
    // The empty line asks for all answers.
    this.#child.stdin?.write(`${lines.join('\n')}\n\n`);
    const readings: FuzzReading[] = [];
    for (let index = 0; index < cases.length; index++) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`${this.name} ended`);
      readings.push(decode(JSON.parse(value) as PeerReading));
    }
    return readings;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    await ended;
  }
}

function decode({ messages, stop }: PeerReading): FuzzReading {
  const decoded = messages.map((message) => ({
    start: decodeText(message.start),
    body: decodeText(message.body),
    complete: message.complete,
  }));
  return { messages: decoded, stop };
}

function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
