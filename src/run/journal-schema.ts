import { z } from 'zod';
import { eventSchema } from '../model/events.ts';

/** The JSON Schema (draft 2020-12) of one journal line. */
export function createJournalSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(eventSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    title: 'proxaudit journal, version 1: one line',
    description: 'Each line of the journal is one such object. prev is the SHA-256 of the line before it.',
    ...schema,
  };
}
