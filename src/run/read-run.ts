import { createReadStream } from 'node:fs';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import { createFold, type Folded } from './fold.ts';

/**
 * Folds a journal into its Run.
 * @param name stands for the journal in messages.
 * @param heads that were kept elsewhere: one of them must be the journal's. None: it is not compared with any.
 * @throws {AuditError} `bad-input` for what is no journal of this version.
 */
export async function readRun(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  heads: readonly string[] = [],
): Promise<Folded> {
  // The schemas are heavy, and recording a run does not need them.
  const { createJournalReader } = await import('./journal-reader.ts');
  const reader = createJournalReader(name, heads);
  const fold = createFold();
  for await (const events of reader.read(chunks)) {
    for (const event of events) fold.add(event);
  }
  return fold.finish(reader.integrity());
}

/** The bytes of a journal file. Throws `AuditError` `bad-input` when it cannot be read. */
export async function* readJournalFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 262_144 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new AuditError('bad-input', `the journal ${file} cannot be read: ${reason}`, {
      hint: '"proxaudit runs" lists the runs whose journals are kept.',
      cause,
    });
  }
}
