import { AuditError } from '../support/errors.ts';
import { decodeBytes } from '../support/raw-bytes.ts';
import type { ReportPlan, RunPlan } from './plan.ts';
import { storeScript } from './script-file.ts';
import { parseShebang } from './shebang.ts';
import { openStandardStream } from './standard-streams.ts';

const USAGE = 'Run `proxaudit -- COMMAND`, or pipe a shell script or a journal into it.';
/** A journal's first line carries a command line, which Linux limits to 2 MiB; JSON may double it. */
const MAX_FIRST_LINE = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads a whole script from stdin into a file, or finds that stdin is a journal and leaves the rest of it unread. */
export async function readStdin(directory: string): Promise<RunPlan | ReportPlan> {
  const source: AsyncIterator<Buffer> = openStandardStream('stdin')[Symbol.asyncIterator]();
  const head = await readFirstLine(source).catch(refuseUnreadable);
  if (head.length === 0) {
    throw new AuditError('bad-usage', 'No command was given, and stdin is empty.', {
      hint: USAGE,
    });
  }
  const end = head.indexOf(NEWLINE);
  const firstLine = decodeBytes(end === -1 ? head : head.subarray(0, end));
  if (isEvent(firstLine)) return { kind: 'report', stream: resume(head, source) };
  refuseOtherThanScripts(firstLine);

  const file = await storeScript(directory, resume(head, source));
  const command = interpreterOf(firstLine);
  const [program = 'sh', ...args] = command;
  return {
    kind: 'run',
    file: program,
    args: [...args, file],
    shown: [...command, '/dev/stdin'],
    stdin: 'ignore',
  };
}

/** At least the first line, or as much of it as there is. */
async function readFirstLine(source: AsyncIterator<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < MAX_FIRST_LINE) {
    const next = await source.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
    if (next.value.includes(NEWLINE)) break;
  }
  return Buffer.concat(chunks);
}

function refuseUnreadable(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new AuditError('bad-usage', `No command was given, and stdin cannot be read: ${reason}.`, {
    cause,
    hint: USAGE,
  });
}

async function* resume(head: Buffer, source: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => source };
}

function isEvent(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    const event = JSON.parse(line) as Partial<Record<string, unknown>>;
    return (
      typeof event['v'] === 'number' && typeof event['seq'] === 'number' && typeof event['type'] === 'string'
    );
  } catch {
    return false;
  }
}

/** JSON (part of a journal) and binary data must never reach a shell: what is quoted in them would be executed. */
function refuseOtherThanScripts(firstLine: string): void {
  if (firstLine.startsWith('{"')) {
    throw new AuditError('bad-usage', 'Stdin is JSON, but its first line is no journal event.', {
      hint: 'Pipe a whole journal, from its first line, or a shell script.',
    });
  }
  if (firstLine.includes('\0')) {
    throw new AuditError('bad-usage', 'Stdin is neither a shell script nor a journal, but binary data.', {
      hint: 'To run a program file, use `proxaudit -- ./FILE`; unpack a compressed journal first.',
    });
  }
}

/** The interpreter its first line names, found as the kernel would, else `sh`. */
function interpreterOf(firstLine: string): string[] {
  const shebang = parseShebang(firstLine);
  if (shebang === undefined) return ['sh'];
  const { interpreter, argument } = shebang;
  const program = interpreter.includes('/') ? interpreter : `./${interpreter}`;
  return argument === undefined ? [program] : [program, argument];
}
