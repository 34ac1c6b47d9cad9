import { eventSchema, type Event } from '../model/events.ts';
import type { Integrity } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { ChainCheck } from './chain-check.ts';
import { parseEnvelope, type Envelope } from './envelope.ts';
import { LineSplitter, type Line } from './line-splitter.ts';

/** Four times what we write: other writers may escape more. */
const MAX_LINE = 4 * 1_048_576;

export interface JournalReader {
  /** The events in batches, as the bytes arrive. Call it once. Throws `AuditError` for what is no journal. */
  readonly read: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<readonly Event[]>;
  /** What the digests say; final once `read` is through. */
  readonly integrity: () => Integrity;
  /** Lines of an event type that this version does not know. */
  readonly skipped: () => number;
}

/**
 * Makes the reader of one journal; `name` stands for it in messages. Memory is bounded, whatever the input.
 * @param heads one of them must be the journal's; none: it is not compared with any.
 */
export function createJournalReader(name: string, heads: readonly string[] = []): JournalReader {
  const splitter = new LineSplitter(MAX_LINE);
  const chain = new ChainCheck();
  const counts = { lines: 0, skipped: 0 };

  const readLine = (line: Line): Event | null => {
    counts.lines = line.number;
    const envelope = line.bytes === null ? 'longer than 4 MiB' : parseEnvelope(line.bytes);
    if (typeof envelope === 'string') {
      if (line.number === 1) throw notAJournal(name, envelope);
      chain.skip(line, envelope);
      return null;
    }
    if (envelope.v !== 1) throw wrongVersion(name, line.number, envelope.v);
    if (!chain.accept(line, envelope)) return null;
    const schema = schemas.get(envelope.type);
    if (schema === undefined) {
      counts.skipped++;
      return null;
    }
    return validate(schema, envelope, (message) => { chain.note(line.number, message); }); // prettier-ignore
  };

  return {
    async *read(chunks) {
      for await (const chunk of chunks) {
        const events: Event[] = [];
        for (const line of splitter.push(chunk)) keep(events, readLine(line));
        yield events;
      }
      const last = splitter.end();
      if (last !== null) yield [readLine(last)].filter((event) => event !== null);
      if (counts.lines === 0) throw notAJournal(name, 'missing: there is nothing to read');
    },
    integrity: () => chain.integrity(heads),
    skipped: () => counts.skipped,
  };
}

function keep(events: Event[], event: Event | null): void {
  if (event !== null) events.push(event);
}

type Schema = (typeof eventSchema.options)[number];
const schemas = new Map<string, Schema>(
  eventSchema.options.map((schema) => [schema.shape.type.value, schema]),
);

function validate(schema: Schema, envelope: Envelope, onProblem: (message: string) => void): Event | null {
  const result = schema.safeParse(envelope);
  // The line itself, not the schema's copy of it: what is made of it has its members in the order in which they were written.
  if (result.success) return envelope as unknown as Event;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  onProblem(`not understood${where}: ${issue?.message ?? 'invalid'}`.slice(0, 300));
  return null;
}

function notAJournal(name: string, problem: string): AuditError {
  return new AuditError('bad-input', `${name} is not a journal: line 1 is ${problem}`, {
    hint: 'Give a journal that proxaudit wrote: one JSON object per line, the first of type run-started.',
  });
}

function wrongVersion(name: string, line: number, version: number): AuditError {
  return new AuditError(
    'bad-input',
    `${name}, line ${line}: journal version ${version}, expected version 1`,
    {
      hint: 'A newer proxaudit wrote this journal: read it with that version.',
    },
  );
}
