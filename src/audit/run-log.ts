import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Redactor } from '../redaction/index.ts';
import { LOG_LEVELS, silentLog, type Log, type LogFacts, type LogLevel } from '../support/log.ts';

/** The log of one run, beside its journal. */
export interface RunLog {
  readonly log: Log;
  /** Where it is; null while there is nothing in it. */
  readonly file: () => string | null;
  readonly close: () => void;
}

export interface RunLogOptions {
  readonly level: LogLevel;
  /** The run directory; without one nothing is written. */
  readonly directory: string | null;
  readonly redactor: Redactor;
  readonly maxBytes?: number;
}

const FILE = 'proxaudit.log';
const MAX_BYTES = 16 * 1024 * 1024;

/** Makes the log of a run. Its file, for its owner only, is made with the first line. */
export function createRunLog(options: RunLogOptions): RunLog {
  const { level, directory, redactor, maxBytes = MAX_BYTES } = options;
  if (directory === null || level === 'silent') {
    return { log: silentLog, file: () => null, close: () => undefined };
  }
  const lines = new LogLines(join(directory, FILE), maxBytes);
  let logger: Logger | undefined;
  const writerOf = (at: keyof Log): Log[typeof at] => {
    if (LOG_LEVELS.indexOf(at) > LOG_LEVELS.indexOf(level)) return silentLog[at];
    return (message, facts = {}) => {
      logger ??= createLogger(level, lines);
      logger[at](redactFacts(facts, redactor), redactor.text(message));
    };
  };
  const log: Log = {
    error: writerOf('error'),
    warn: writerOf('warn'),
    info: writerOf('info'),
    debug: writerOf('debug'),
    trace: writerOf('trace'),
  };
  return { log, file: () => lines.file, close: () => { lines.close(); } }; // prettier-ignore
}

function createLogger(level: LogLevel, lines: LogLines): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, lines);
}

function redactFacts(facts: LogFacts, redactor: Redactor): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    redacted[name] =
      typeof value === 'number' || typeof value === 'boolean' ? value : redactor.text(describe(value));
  }
  return redacted;
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : String(value);
}

/** A file of so many bytes at the most. That it cannot be written is no reason to stop anything. */
class LogLines {
  readonly #path: string;
  readonly #maxBytes: number;
  #fd: number | undefined;
  #bytes = 0;
  #isOver = false;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  get file(): string | null {
    return this.#bytes > 0 ? this.#path : null;
  }

  write(line: string): void {
    if (this.#isOver) return;
    const bytes = Buffer.from(line);
    try {
      this.#fd ??= openSync(this.#path, 'wx', 0o600);
      if (this.#bytes + bytes.length > this.#maxBytes) {
        const time = new Date().toISOString();
        const msg = `the log ends here: it has reached ${this.#maxBytes} bytes`;
        writeSync(this.#fd, `${JSON.stringify({ level: 'warn', time, msg })}\n`);
        this.close();
        return;
      }
      writeSync(this.#fd, bytes);
      this.#bytes += bytes.length;
    } catch {
      this.close();
    }
  }

  close(): void {
    this.#isOver = true;
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
